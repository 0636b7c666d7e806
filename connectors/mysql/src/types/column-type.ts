import { type ComparisonFidelity, type DataType, decimalType, simpleType } from '@tributary/connector-sdk';
import type { MySqlOptions } from '../options.js';
import type { ProductName } from '../product.js';
import { enumLabels, type NativeColumn } from './native-column.js';

/**
 * How a column is written in a SELECT so that it has exactly the semantics of its type here:
 * - `plain`: as it is;
 * - `bytes`: utf8mb4 text under a binary collation without padding;
 * - `text`: converted to utf8mb4 under that collation (ENUM, SET, JSON, types without a counterpart);
 * - `recoded`: the same of text in another character set;
 * - `number`: BIT(n) as an unsigned number;
 * - `truth`: `<> 0`;
 * - `point`: a date or time, NULL where its month or day is zero;
 * - `wkt`: a geometry as well-known text.
 */
export type ReadFormName = 'plain' | 'bytes' | 'text' | 'recoded' | 'number' | 'truth' | 'point' | 'wkt';

export interface MappedType {
  readonly type: DataType;
  readonly comparison: ComparisonFidelity;
  readonly form: ReadFormName;
  /** Whether different values there may be one value here: unique keys then hold only there. */
  readonly merges: boolean;
  /** Whether the column may read as NULL though it is declared NOT NULL. */
  readonly makesNull?: boolean;
  readonly note?: string;
}

type MappingOptions = Pick<MySqlOptions, 'tinyint1AsBoolean' | 'zeroDates'>;

/** Types that may be longer than what MariaDB sorts by (see execute/session.ts). */
const longTypes: ReadonlySet<string> = new Set(['mediumtext', 'longtext', 'mediumblob', 'longblob']);

const integers: Readonly<Record<string, readonly [signed: SimpleId, unsigned: SimpleId]>> = {
  tinyint: ['tinyint', 'utinyint'],
  smallint: ['smallint', 'usmallint'],
  mediumint: ['integer', 'uinteger'],
  int: ['integer', 'uinteger'],
  bigint: ['bigint', 'ubigint'],
};

type SimpleId = Parameters<typeof simpleType>[0];

const texts: ReadonlySet<string> = new Set(['char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext']);
const blobs: ReadonlySet<string> = new Set([
  'binary',
  'varbinary',
  'tinyblob',
  'blob',
  'mediumblob',
  'longblob',
]);
const geometries: ReadonlySet<string> = new Set([
  'geometry',
  'point',
  'linestring',
  'polygon',
  'multipoint',
  'multilinestring',
  'multipolygon',
  'geomcollection',
  'geometrycollection',
]);

/** DuckDB's most digits. */
const mostDigits = 38;

/** The type that a column is read as; every column can be read, at worst as text. */
export function mapType(column: NativeColumn, options: MappingOptions, product: ProductName): MappedType {
  const mapped = scalarType(column, options);
  return product === 'mariadb' && longTypes.has(column.dataType) && mapped.comparison === 'ordered'
    ? { ...mapped, comparison: 'equality' }
    : mapped;
}

function scalarType(column: NativeColumn, options: MappingOptions): MappedType {
  const { dataType, columnType } = column;
  if (options.tinyint1AsBoolean && /^tinyint\(1\)(?! unsigned)/.test(columnType)) {
    return { ...ordered('boolean', 'truth'), merges: true, note: 'TINYINT(1): anything but 0 is true' };
  }
  const integer = integers[dataType];
  if (integer !== undefined) return ordered(integer[columnType.includes('unsigned') ? 1 : 0]);
  if (texts.has(dataType)) return textType(column);
  if (blobs.has(dataType)) return ordered('blob');
  if (geometries.has(dataType)) return asText('a geometry, as well-known text', 'wkt');
  switch (dataType) {
    case 'decimal':
      return decimalColumn(column);
    case 'float':
    case 'double':
      return ordered(dataType);
    case 'bit':
      return columnType === 'bit(1)' ? ordered('boolean', 'number') : ordered('ubigint', 'number');
    case 'year':
      return ordered('usmallint');
    case 'date':
      return pointType('date', options);
    case 'datetime':
      return pointType('timestamp', options);
    case 'timestamp':
      return pointType('timestamptz', options);
    case 'time':
      return {
        ...ordered('interval'),
        comparison: 'none',
        note: 'TIME is a length of time, from -838:59:59 to 838:59:59',
      };
    case 'json':
      return { ...ordered('json', 'text'), comparison: 'none' };
    case 'enum':
      return {
        type: { id: 'enum', values: enumLabels(columnType) },
        comparison: 'ordered',
        form: inCharacterSet(column, 'text'),
        merges: false,
      };
    case 'uuid':
      return ordered('uuid', 'text');
    case 'set':
      return asText('SET as its members between commas', inCharacterSet(column, 'text'));
    default:
      return asText(`${dataType} is delivered as text`);
  }
}

function textType(column: NativeColumn): MappedType {
  if (column.isCheckedJson) return { ...ordered('json', 'text'), comparison: 'none' };
  const isBytes = column.collation === 'utf8mb4_0900_bin' || column.collation === 'utf8mb4_nopad_bin';
  if (isBytes) return ordered('varchar');
  return {
    ...ordered('varchar', inCharacterSet(column, 'bytes')),
    note: `compared by its bytes, not by ${column.collation}`,
  };
}

/** The form, or `recoded` where the column's bytes are not those of UTF-8. */
function inCharacterSet({ characterSet }: NativeColumn, form: ReadFormName): ReadFormName {
  return characterSet === null || characterSet === 'utf8mb4' ? form : 'recoded';
}

function decimalColumn({ precision, scale }: NativeColumn): MappedType {
  const digits = precision ?? 10;
  if (digits > mostDigits) return asText(`a DECIMAL of ${digits} digits is delivered as text`);
  return { ...ordered('bigint'), type: decimalType(digits, scale ?? 0) };
}

function pointType(id: 'date' | 'timestamp' | 'timestamptz', { zeroDates }: MappingOptions): MappedType {
  if (zeroDates === 'error') return ordered(id);
  return { ...ordered(id, 'point'), merges: true, makesNull: true, note: 'a zero date is read as NULL' };
}

function ordered(id: SimpleId, form: ReadFormName = 'plain'): MappedType {
  return { type: simpleType(id), comparison: 'ordered', form, merges: false };
}

function asText(note: string, form: ReadFormName = 'text'): MappedType {
  return { ...ordered('varchar', form), note };
}
