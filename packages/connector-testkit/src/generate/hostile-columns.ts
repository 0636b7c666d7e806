import { type DataType, decimalType, simpleType, typeName } from '@tributary/connector-sdk';
import type { Kind } from './kind.js';

/** A column that every generated statement may read, with the values at which engines disagree. */
export interface HostileColumn<Name extends string = string> {
  readonly name: Name;
  readonly kind: Kind;
  readonly type: DataType;
  /** In literal text form. NULL comes on top, but for `id`. */
  readonly values: readonly string[];
}

function column<Name extends string>(
  name: Name,
  kind: Kind,
  type: DataType,
  values: readonly string[],
): HostileColumn<Name> {
  return { name, kind, type, values };
}

const small = ['0', '1', '-1', '2', '3', '-3', '7', '-7', '42', '100', '-100'];

/** The rows' key: 0, 1, 2, …. */
export const idColumn = column('id', 'wide', simpleType('bigint'), ['0', '1', '17', '63']);

export const hostileColumns = [
  column('k', 'integer', simpleType('integer'), ['1', '2', '3', '4', '5', '-6', '0']),
  column('n', 'integer', simpleType('integer'), small),
  column('i', 'wide', simpleType('integer'), ['0', '1', '-1', '5', '2147483647', '-2147483648', '-7']),
  column('b', 'wide', simpleType('bigint'), [
    '0',
    '1',
    '-1',
    '7',
    '-7',
    '9007199254740993',
    '9223372036854775807',
    '-9223372036854775808',
  ]),
  column('s', 'wide', simpleType('smallint'), ['0', '3', '-3', '32767', '-32768']),
  column('d', 'decimal', decimalType(12, 2), [
    '0.00',
    '1.50',
    '-1.50',
    '0.05',
    '2.50',
    '3.50',
    '-0.01',
    '9999999999.99',
    '-9999999999.99',
  ]),
  column('big', 'wide-decimal', decimalType(38, 10), [
    '0',
    '1.5',
    '-1.5',
    '1234567890123456789012345678.0123456789',
    '-1234567890123456789012345678.0123456789',
    '0.0000000001',
    '9223372036854775808',
  ]),
  column('f', 'double', simpleType('double'), [
    '0',
    '-0',
    '1.5',
    '-1.5',
    '2.5',
    '0.1',
    '1e308',
    '-1e308',
    '5e-324',
    'NaN',
    'Infinity',
    '-Infinity',
    '16777217',
    '9007199254740993',
  ]),
  column('m', 'mild-double', simpleType('double'), ['0', '0.25', '-0.25', '1.5', '2.5', '-2.5', '1000000']),
  column('r', 'double', simpleType('float'), [
    '0',
    '1.5',
    '-2.5',
    '0.1',
    '3.4028235e38',
    'NaN',
    'Infinity',
    '-Infinity',
    '16777216',
  ]),
  column('t', 'text', simpleType('varchar'), [
    '',
    'a',
    'A',
    'abc',
    'ABC',
    'b',
    'a b',
    ' lead',
    'trail ',
    '%',
    '_',
    'a%b',
    'a_b',
    'a\\b',
    '\\',
    "'",
    '"',
    'é',
    'e\u0301',
    'ß',
    'İ',
    'ı',
    '日本',
    '😀',
    '😀b',
    'NULL',
    'zz',
    'Ａ',
    '\u00a0x',
    'a\tb',
    'a\nb',
    '10',
    '9',
    '\uffff',
  ]),
  column('g', 'text', simpleType('varchar'), ['x', 'X', 'y ', 'y', '']),
  column('day', 'day', simpleType('date'), [
    '2024-01-31',
    '2024-02-29',
    '2023-12-31',
    '1970-01-01',
    '1969-12-31',
    '2000-02-29',
  ]),
  column('dt', 'date', simpleType('date'), [
    'infinity',
    '-infinity',
    '0001-01-01',
    '0044-03-15 (BC)',
    '9999-12-31',
    '1969-12-31',
    '2024-02-29',
  ]),
  column('ts', 'timestamp', simpleType('timestamp'), [
    'infinity',
    '-infinity',
    '0001-01-01 00:00:00',
    '0044-03-15 (BC) 01:02:03',
    '1969-12-31 23:59:59.999999',
    '2016-12-31 23:59:59.999999',
    '2017-01-01 00:00:00',
    '2024-02-29 12:34:56.789012',
    '2024-02-29 00:00:00',
    '9999-12-31 23:59:59.999999',
  ]),
  column('tz', 'timestamptz', simpleType('timestamptz'), [
    'infinity',
    '-infinity',
    '0001-01-01 00:00:00+00',
    '1969-12-31 23:59:59.999999+00',
    '2016-12-31 23:59:59.999999+00',
    '2024-02-29 23:30:00-05:30',
    '2024-03-31 01:00:00+01',
    '9999-12-31 23:59:59+00',
  ]),
  column('tm', 'time', simpleType('time'), ['00:00:00', '12:34:56.789', '23:59:59.999999']),
  column('bo', 'boolean', simpleType('boolean'), ['true', 'false']),
  column('u', 'uuid', simpleType('uuid'), [
    '00000000-0000-0000-0000-000000000000',
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
    '80000000-0000-0000-0000-000000000000',
    '7fffffff-ffff-ffff-ffff-ffffffffffff',
  ]),
  column('by', 'blob', simpleType('blob'), ['', '\\x00', '\\xFF', '\\x00\\xFF', 'a', 'aa', '\\x5C']),
  // Parquet's intervals have neither a sign nor microseconds.
  column('iv', 'interval', simpleType('interval'), [
    '0 days',
    '1 month',
    '30 days',
    '1 year 2 months 3 days 04:05:06.789',
    '720:00:00',
  ]),
] as const satisfies readonly HostileColumn[];

export type ColumnName = (typeof hostileColumns)[number]['name'] | 'id';

const columnsByName: ReadonlyMap<string, HostileColumn> = new Map(
  [idColumn, ...hostileColumns].map((each) => [each.name, each]),
);

export function hostileColumn(name: ColumnName): HostileColumn {
  const found = columnsByName.get(name);
  if (found === undefined) throw new RangeError(`no column ${name}`);
  return found;
}

export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A constant of a type in DuckDB's SQL. */
export function duckdbConstant(type: DataType, value: string | null): string {
  if (value === null) return `CAST(NULL AS ${typeName(type)})`;
  return type.id === 'varchar' ? quoteText(value) : `CAST(${quoteText(value)} AS ${typeName(type)})`;
}
