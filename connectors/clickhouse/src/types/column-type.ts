import {
  type ComparisonFidelity,
  type DataType,
  type StructField,
  decimalType,
  simpleType,
} from '@tributary/connector-sdk';
import type { ClickhouseOptions } from '../options.js';
import { parseEnumElement, parseNativeType, parseTupleElement } from './native-type.js';

/**
 * How a column is written in a SELECT so that it has exactly the semantics of its type here:
 * - `plain`: as it is;
 * - `text`: as ClickHouse writes it (enums, addresses, numbers wider than ours);
 * - `cut-text`: FixedString without the zero bytes that pad it;
 * - `utc-text`: an instant of more than six fractional digits, in UTC;
 * - `json`: what has no counterpart, as JSON;
 * - `cast`: converted to the type (nested values of such, brain floats, instants of nanoseconds cut to microseconds).
 */
export type ReadFormName = 'plain' | 'text' | 'cut-text' | 'utc-text' | 'json' | 'cast';

export interface MappedType {
  readonly type: DataType;
  readonly nullable: boolean;
  readonly comparison: ComparisonFidelity;
  readonly form: ReadFormName;
  /** Whether the server's Parquet and Arrow have the type itself, so that the column can leave it as it is. */
  readonly isOnWire: boolean;
  readonly note?: string;
}

export type TypeOptions = Pick<ClickhouseOptions, 'fixedString' | 'nanoseconds'>;

const direct: ReadonlyMap<string, MappedType> = new Map([
  ['Bool', plain('boolean')],
  ['Int8', plain('tinyint')],
  ['Int16', plain('smallint')],
  ['Int32', plain('integer')],
  ['Int64', plain('bigint')],
  ['Int128', { ...plain('hugeint'), isOnWire: false }],
  ['UInt8', plain('utinyint')],
  ['UInt16', plain('usmallint')],
  ['UInt32', plain('uinteger')],
  ['UInt64', plain('ubigint')],
  ['Float32', plain('float')],
  ['Float64', plain('double')],
  ['BFloat16', { ...plain('float'), form: 'cast' }],
  ['String', plain('varchar')],
  ['UUID', plain('uuid')],
  ['Date', plain('date')],
  ['Date32', plain('date')],
  ['IPv4', asText('an address, delivered as text')],
  ['IPv6', asText('an address, delivered as text')],
]);

/** Wider than DuckDB's numbers. */
const wide: ReadonlySet<string> = new Set(['UInt128', 'Int256', 'UInt256']);

/** The type that a column is read as, undefined where it cannot be read at all. */
export function mapType(text: string, options: TypeOptions): MappedType | undefined {
  const { name, args } = parseNativeType(text);
  const [first = '', second = ''] = args;
  const known = direct.get(name);
  if (known !== undefined) return known;
  if (wide.has(name)) return asText(`${name} is delivered as text`);
  switch (name) {
    case 'Nullable': {
      const inner = mapType(first, options);
      return inner && { ...inner, nullable: true };
    }
    case 'LowCardinality':
      return mapType(first, options);
    case 'SimpleAggregateFunction':
      return mapType(second, options);
    case 'AggregateFunction':
    case 'Nothing':
      return undefined;
    case 'Decimal':
      return mapDecimal(Number(first), Number(second === '' ? 0 : second));
    case 'FixedString':
      return mapFixedString(options);
    case 'Enum8':
    case 'Enum16':
    case 'Enum':
      return mapEnum(args);
    case 'DateTime':
      return { ...plain('timestamptz'), isOnWire: false };
    case 'DateTime64':
      return mapInstant(Number(first), options);
    case 'Array':
    case 'Tuple':
    case 'Map':
      return mapNested(name, args, options);
    case 'JSON':
    case 'Object':
      return { ...asText(''), type: simpleType('json'), comparison: 'none', nullable: true };
    default:
      return { ...asText(`${name} is delivered as text`), comparison: 'none', nullable: true };
  }
}

function mapDecimal(precision: number, scale: number): MappedType {
  if (precision > 38)
    return asText(`Decimal(${precision}, ${scale}) has more than 38 digits and is delivered as text`);
  return { ...plain('varchar'), type: decimalType(precision, scale) };
}

function mapFixedString({ fixedString }: TypeOptions): MappedType {
  if (fixedString === 'blob') return { ...plain('blob'), comparison: 'none', isOnWire: true };
  return { ...asText('without the zero bytes that pad it'), form: 'cut-text' };
}

/** In the order of the numbers behind the labels, which is that of ClickHouse. */
function mapEnum(args: readonly string[]): MappedType {
  const elements = args.map(parseEnumElement).toSorted((a, b) => a.value - b.value);
  return { ...asText(''), type: { id: 'enum', values: elements.map(({ label }) => label) } };
}

function mapInstant(digits: number, { nanoseconds }: TypeOptions): MappedType {
  if (digits <= 6) return { ...plain('timestamptz'), isOnWire: false };
  if (nanoseconds === 'truncate')
    return { ...plain('timestamptz'), form: 'cast', note: 'cut to microseconds' };
  return {
    ...asText('in UTC, as text: TIMESTAMP WITH TIME ZONE ends at microseconds (see the option nanoseconds)'),
    form: 'utc-text',
  };
}

/** Elements in the types that they would have as columns; what has none inside makes the whole JSON. */
function mapNested(name: string, args: readonly string[], options: TypeOptions): MappedType {
  const elements = args.map((arg) => {
    const { name: label, type } = name === 'Tuple' ? parseTupleElement(arg) : { name: undefined, type: arg };
    return { label, mapped: mapType(type, options) };
  });
  const types = elements.flatMap(({ label, mapped }, i): readonly StructField[] =>
    mapped === undefined || !isCastable(mapped) ? [] : [{ name: label ?? String(i + 1), type: mapped.type }],
  );
  const [first, second] = types;
  if (first === undefined || types.length < elements.length) return asJson(`${name} is delivered as JSON`);
  const isPlain = elements.every(({ mapped }) => mapped?.form === 'plain' && mapped.isOnWire);
  const nested = {
    nullable: false,
    comparison: 'none',
    form: isPlain ? 'plain' : 'cast',
    isOnWire: true,
  } as const;
  if (name === 'Array') return { ...nested, type: { id: 'list', element: first.type } };
  if (name === 'Map' && second !== undefined)
    return { ...nested, type: { id: 'map', key: first.type, value: second.type } };
  return { ...nested, type: { id: 'struct', fields: types } };
}

/** Whether a CAST of the whole nested value converts the element as its own read form would. */
function isCastable({ form, type }: MappedType): boolean {
  return (
    (form === 'plain' || form === 'text' || form === 'cast') && type.id !== 'json' && type.id !== 'hugeint'
  );
}

function plain(id: Parameters<typeof simpleType>[0]): MappedType {
  return { type: simpleType(id), nullable: false, comparison: 'ordered', form: 'plain', isOnWire: true };
}

function asText(note: string): MappedType {
  return { ...plain('varchar'), form: 'text', ...(note !== '' && { note }) };
}

function asJson(note: string): MappedType {
  return { ...plain('json'), comparison: 'none', form: 'json', nullable: false, note };
}
