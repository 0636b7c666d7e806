import type { DataType } from '@tributary/contract';

/** A number as an integer times a negative power of ten: exact at any precision. */
export interface ExactNumber {
  readonly unscaled: bigint;
  readonly scale: number;
}

const exactPattern = /^([+-]?)(\d+)(?:\.(\d+))?$/;

export function parseExact(text: string): ExactNumber | undefined {
  const match = exactPattern.exec(text);
  if (match === null) return undefined;
  const [, sign, whole, fraction = ''] = match;
  const digits = BigInt(`${whole}${fraction}`);
  return { unscaled: sign === '-' ? -digits : digits, scale: fraction.length };
}

export function rescale(value: ExactNumber, scale: number): bigint | undefined {
  if (scale >= value.scale) return value.unscaled * 10n ** BigInt(scale - value.scale);
  const divisor = 10n ** BigInt(value.scale - scale);
  return value.unscaled % divisor === 0n ? value.unscaled / divisor : undefined;
}

/** Digits of `unscaled` with the point `scale` places from the right. */
export function formatExact(unscaled: bigint, scale: number): string {
  if (scale === 0) return unscaled.toString();
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const point = digits.length - scale;
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** DuckDB's text for doubles, `inf` and `nan` included. */
export function parseDouble(text: string): number | undefined {
  switch (text.toLowerCase()) {
    case 'nan':
      return Number.NaN;
    case 'inf':
    case 'infinity':
    case '+inf':
      return Number.POSITIVE_INFINITY;
    case '-inf':
    case '-infinity':
      return Number.NEGATIVE_INFINITY;
  }
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

const datePattern = /^(\d{4,6})-(\d\d)-(\d\d)$/;
const timePattern = /^(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?$/;
const timestampPattern =
  /^(\d{4,6}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,6})?)([+-]\d\d(?::\d\d(?::\d\d)?)?)?$/;

export const microsPerDay = 86_400_000_000n;

/** Days since 1970-01-01 in the proleptic Gregorian calendar; undefined for anything but a plain date. */
export function parseDate(text: string): bigint | undefined {
  const match = datePattern.exec(text);
  if (match === null) return undefined;
  const [, year, month, day] = match.map(Number);
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return BigInt(date.getTime() / 86_400_000);
}

export function formatDate(days: bigint): string | undefined {
  const date = new Date(Number(days) * 86_400_000);
  const year = date.getUTCFullYear();
  if (Number.isNaN(year) || year < 1) return undefined;
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${String(year).padStart(4, '0')}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
}

export function parseTime(text: string): bigint | undefined {
  const match = timePattern.exec(text);
  if (match === null) return undefined;
  const [, hours, minutes, seconds, fraction = ''] = match;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const whole = BigInt(Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds));
  return whole * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
}

/** Microseconds since the epoch; an offset is taken off. */
export function parseTimestamp(text: string): bigint | undefined {
  const match = timestampPattern.exec(text);
  if (match === null) return undefined;
  const [, date = '', time = '', offset] = match;
  const days = parseDate(date);
  const micros = parseTime(time);
  if (days === undefined || micros === undefined) return undefined;
  return days * microsPerDay + micros - offsetMicros(offset);
}

function offsetMicros(offset: string | undefined): bigint {
  if (offset === undefined) return 0n;
  const [hours = 0, minutes = 0, seconds = 0] = offset.slice(1).split(':').map(Number);
  const micros = BigInt(hours * 3600 + minutes * 60 + seconds) * 1_000_000n;
  return offset.startsWith('-') ? -micros : micros;
}

/**
 * Orders two literal texts of one type as DuckDB orders the values, or undefined where this module does not know the
 * type or the text well enough to be sure.
 */
export function compareValues(type: DataType, a: string, b: string): number | undefined {
  switch (type.id) {
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'hugeint':
    case 'utinyint':
    case 'usmallint':
    case 'uinteger':
    case 'ubigint':
    case 'uhugeint':
    case 'decimal':
      return compareExact(parseExact(a), parseExact(b));
    case 'float':
    case 'double':
      return compareDoubles(parseDouble(a), parseDouble(b), type.id === 'float');
    case 'varchar':
      return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
    case 'uuid':
      return uuidPattern.test(a) && uuidPattern.test(b) ? order(a.toLowerCase(), b.toLowerCase()) : undefined;
    case 'boolean':
      return isBooleanText(a) && isBooleanText(b) ? order(a, b) : undefined;
    case 'date':
      return orderParsed(parseDate(a), parseDate(b));
    case 'time':
      return orderParsed(parseTime(a), parseTime(b));
    case 'timestamp':
    case 'timestamp_s':
    case 'timestamp_ms':
      return hasOffset(a) || hasOffset(b) ? undefined : orderParsed(parseTimestamp(a), parseTimestamp(b));
    case 'timestamptz':
      return hasOffset(a) && hasOffset(b) ? orderParsed(parseTimestamp(a), parseTimestamp(b)) : undefined;
    case 'null':
    case 'json':
    case 'blob':
    case 'bit':
    case 'timetz':
    case 'timestamp_ns':
    case 'interval':
    case 'enum':
    case 'list':
    case 'array':
    case 'struct':
    case 'map':
      return undefined;
  }
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function isBooleanText(text: string): boolean {
  return text === 'true' || text === 'false';
}

function hasOffset(text: string): boolean {
  return /[+-]\d\d(:\d\d)*$/.test(text.slice(10));
}

function order<T extends string | bigint>(a: T, b: T): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function orderParsed(a: bigint | undefined, b: bigint | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : order(a, b);
}

function compareExact(a: ExactNumber | undefined, b: ExactNumber | undefined): number | undefined {
  if (a === undefined || b === undefined) return undefined;
  const scale = Math.max(a.scale, b.scale);
  return orderParsed(rescale(a, scale), rescale(b, scale));
}

/** DuckDB's total order: NaN equals NaN and is greater than all else, infinity included; -0 equals 0. */
function compareDoubles(a: number | undefined, b: number | undefined, single: boolean): number | undefined {
  if (a === undefined || b === undefined) return undefined;
  const x = single ? Math.fround(a) : a;
  const y = single ? Math.fround(b) : b;
  if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
  if (x === y) return 0;
  return x < y ? -1 : 1;
}
