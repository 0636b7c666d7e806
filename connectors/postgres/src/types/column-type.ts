import { type ComparisonFidelity, type DataType, decimalType, simpleType } from '@tributary/contract/plan';
import type { PostgresOptions } from '../options.js';
import type { NativeType } from './native-type.js';

/**
 * How a column is written in a SELECT so that it has exactly the semantics of its type here:
 * - `plain`: as it is;
 * - `text`: cast to text (types without a counterpart, char(n) without its padding, citext without its folding);
 * - `binary-collation`: text whose own collation calls different bytes equal, compared as bytes;
 * - `double`: NUMERIC read as double precision.
 */
export type ReadForm = 'plain' | 'text' | 'binary-collation' | 'double';

export interface MappedType {
  readonly type: DataType;
  readonly comparison: ComparisonFidelity;
  readonly form: ReadForm;
  /** Whether different values here may be one value there: unique keys then hold only there. */
  readonly merges: boolean;
  readonly note?: string;
}

const direct: ReadonlyMap<string, MappedType> = new Map([
  ['bool', ordered('boolean')],
  ['int2', ordered('smallint')],
  ['int4', ordered('integer')],
  ['int8', ordered('bigint')],
  ['oid', ordered('uinteger')],
  ['float4', ordered('float')],
  ['float8', ordered('double')],
  ['text', ordered('varchar')],
  ['varchar', ordered('varchar')],
  ['bytea', ordered('blob')],
  ['uuid', ordered('uuid')],
  ['date', ordered('date')],
  ['time', ordered('time')],
  ['timestamp', ordered('timestamp')],
  ['timestamptz', ordered('timestamptz')],
  ['interval', { ...ordered('interval'), comparison: 'none' }],
  ['name', { ...ordered('varchar'), form: 'text' }],
  ['json', { type: simpleType('json'), comparison: 'none', form: 'text', merges: false }],
  ['jsonb', { type: simpleType('json'), comparison: 'none', form: 'text', merges: false }],
  ['bpchar', asText('char(n) is read without its padding')],
]);

/** The type that a column is read as; every column can be read, at worst as text. */
export function mapType(native: NativeType, numeric: PostgresOptions['unconstrainedNumeric']): MappedType {
  const scalar = mapScalar(native, numeric);
  if (!native.isArray) return scalar;
  if (scalar.form !== 'plain') return asText('array delivered as PostgreSQL writes it in text');
  return {
    type: { id: 'list', element: scalar.type },
    comparison: 'none',
    form: 'plain',
    merges: false,
    note: 'one dimension only; a value with more is an error',
  };
}

function mapScalar(native: NativeType, numeric: PostgresOptions['unconstrainedNumeric']): MappedType {
  if (native.isEnum) {
    return {
      type: { id: 'enum', values: native.labels },
      comparison: 'ordered',
      form: 'text',
      merges: false,
    };
  }
  if (native.builtin && native.name === 'numeric') return mapNumeric(native.modifier, numeric);
  if (native.name === 'citext' && !native.builtin) return asText('compared by its bytes, case included');
  const known = native.builtin ? direct.get(native.name) : undefined;
  if (known === undefined) return asText(`${native.name} is delivered as text`);
  if (known.type.id === 'varchar' && known.form === 'plain' && !native.deterministic) {
    return { ...known, form: 'binary-collation', note: 'compared by its bytes, not by its collation' };
  }
  return known;
}

/**
 * The modifier packs precision and scale (numeric.c, make_numeric_typmod): 16 bits of precision, 11 of scale, signed
 * since PostgreSQL 15, after an offset of 4.
 */
function mapNumeric(modifier: number, unconstrained: PostgresOptions['unconstrainedNumeric']): MappedType {
  if (modifier < 4) {
    switch (unconstrained) {
      case 'decimal':
        return {
          ...exact(decimalType(38, 16)),
          note: 'numeric without a precision: a value that DECIMAL(38,16) cannot hold exactly is an error',
        };
      case 'double':
        return {
          ...ordered('double'),
          form: 'double',
          merges: true,
          note: 'numeric without a precision, rounded to double',
        };
      case 'varchar':
        return asText('numeric without a precision, delivered as text');
    }
  }
  const packed = modifier - 4;
  const precision = (packed >>> 16) & 0xffff;
  const scale = ((packed & 0x7ff) ^ 1024) - 1024;
  const digits = scale < 0 ? precision - scale : Math.max(precision, scale);
  if (digits > 38)
    return asText(`numeric(${precision},${scale}) has more than 38 digits and is delivered as text`);
  return exact(decimalType(digits, Math.max(scale, 0)));
}

function exact(type: DataType): MappedType {
  return { type, comparison: 'ordered', form: 'plain', merges: false };
}

function ordered(id: Parameters<typeof simpleType>[0]): MappedType {
  return exact(simpleType(id));
}

function asText(note: string): MappedType {
  return { ...ordered('varchar'), form: 'text', note };
}
