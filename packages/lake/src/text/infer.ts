import { type DataType, simpleType } from '@tributary/connector-sdk';
import type { ColumnType } from '../parquet/parquet-type.js';

/** What a sample of text reads as. `undefined`: nothing but NULLs. */
export type SampledType =
  | 'boolean'
  | 'bigint'
  | 'double'
  | 'date'
  | 'timestamp'
  | 'timestamptz'
  | 'json'
  | 'varchar';

const date = /^\d{4}-\d{2}-\d{2}$/;
const timestamp = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(\.\d{1,6})?$/;
const timestamptz = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}(:?\d{2})?)$/;
const integer = /^[+-]?(0|[1-9]\d{0,17})$/;
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** The type of one text value. Leading zeros make an identifier, not a number: `00123` stays text. */
export function textType(value: string): SampledType {
  if (integer.test(value)) return 'bigint';
  if (/^[+-]?0\d/.test(value)) return date.test(value) ? realDate(value) : 'varchar';
  if (decimal.test(value)) return 'double';
  if (value === 'true' || value === 'false') return 'boolean';
  if (date.test(value)) return realDate(value);
  if (timestamp.test(value)) return realDate(value.slice(0, 10)) === 'date' ? 'timestamp' : 'varchar';
  if (timestamptz.test(value)) return realDate(value.slice(0, 10)) === 'date' ? 'timestamptz' : 'varchar';
  return 'varchar';
}

/** The type of one JSON value; undefined for null. Strings are looked at only for dates and times. */
export function jsonType(value: unknown): SampledType | undefined {
  switch (typeof value) {
    case 'boolean':
      return 'boolean';
    case 'number':
      return Number.isInteger(value) && Math.abs(value) < 9.2e18 ? 'bigint' : 'double';
    case 'string': {
      const type = textType(value);
      return type === 'date' || type === 'timestamp' || type === 'timestamptz' ? type : 'varchar';
    }
    case 'object':
      return value === null ? undefined : 'json';
    default:
      return undefined;
  }
}

/** The type that both read as without loss; text reads anything. */
export function commonSampledType(
  a: SampledType | undefined,
  b: SampledType | undefined,
): SampledType | undefined {
  if (a === undefined || a === b) return b;
  if (b === undefined) return a;
  const pair = [a, b].toSorted().join(' ');
  if (pair === 'bigint double') return 'double';
  if (pair === 'date timestamp') return 'timestamp';
  return a === 'json' || b === 'json' ? 'json' : 'varchar';
}

/** The same rule for columns of two files. */
export function commonTextType(a: ColumnType, b: ColumnType): DataType {
  return sampledDataType(commonSampledType(sampledTypes.get(a.id), sampledTypes.get(b.id)));
}

const sampledTypes: ReadonlyMap<string, SampledType> = new Map(
  (['boolean', 'bigint', 'double', 'date', 'timestamp', 'timestamptz', 'json', 'varchar'] as const).map(
    (type) => [type, type],
  ),
);

export function sampledDataType(type: SampledType | undefined): DataType {
  return simpleType(type ?? 'varchar');
}

/** `2025-02-30` looks like a date and is none. */
function realDate(value: string): SampledType {
  const parsed = new Date(`${value}T00:00:00Z`);
  const isReal = !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(value);
  return isReal && !value.startsWith('0000') ? 'date' : 'varchar';
}
