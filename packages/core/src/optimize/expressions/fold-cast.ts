import { type DataType, type Literal, isInteger, literal, sameType } from '@tributary/contract';
import { formatExact, parseDate, parseExact, parseTimestamp, rescale } from './values.js';

const integerRanges: ReadonlyMap<DataType['id'], readonly [bigint, bigint]> = new Map([
  ['tinyint', signed(8n)],
  ['smallint', signed(16n)],
  ['integer', signed(32n)],
  ['bigint', signed(64n)],
  ['hugeint', signed(128n)],
  ['utinyint', unsigned(8n)],
  ['usmallint', unsigned(16n)],
  ['uinteger', unsigned(32n)],
  ['ubigint', unsigned(64n)],
  ['uhugeint', unsigned(128n)],
]);

function signed(bits: bigint): readonly [bigint, bigint] {
  return [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
}

function unsigned(bits: bigint): readonly [bigint, bigint] {
  return [0n, 2n ** bits - 1n];
}

/** Smallest and largest value of an integer type. */
export function integerRange(type: DataType): readonly [bigint, bigint] | undefined {
  return integerRanges.get(type.id);
}

/**
 * The literal cast to another type, where the result is certain and exact; undefined where DuckDB might round, reject
 * or read the text otherwise, which is then left to DuckDB.
 */
export function foldCast(value: Literal, type: DataType): Literal | undefined {
  if (sameType(value.type, type)) return value;
  if (value.value === null) return literal(type, null);
  const text = castText(value.value, value.type, type);
  return text === undefined ? undefined : literal(type, text);
}

function castText(text: string, from: DataType, to: DataType): string | undefined {
  if (isInteger(from) || from.id === 'decimal') return exactTo(text, to);
  if (from.id === 'varchar') return textTo(text, to);
  if (from.id === 'date' && to.id === 'timestamp') {
    return parseDate(text) === undefined ? undefined : `${text} 00:00:00`;
  }
  return undefined;
}

function exactTo(text: string, to: DataType): string | undefined {
  const value = parseExact(text);
  if (value === undefined) return undefined;
  if (to.id === 'decimal') {
    const unscaled = rescale(value, to.scale);
    if (unscaled === undefined || !fitsDigits(unscaled, to.precision)) return undefined;
    return formatExact(unscaled, to.scale);
  }
  const range = integerRange(to);
  const unscaled = rescale(value, 0);
  if (range === undefined || unscaled === undefined) return undefined;
  return unscaled >= range[0] && unscaled <= range[1] ? unscaled.toString() : undefined;
}

function textTo(text: string, to: DataType): string | undefined {
  switch (to.id) {
    case 'boolean':
      return text === 'true' || text === 'false' ? text : undefined;
    case 'date':
      return /^\d{4}-\d\d-\d\d$/.test(text) && parseDate(text) !== undefined ? text : undefined;
    case 'timestamp':
      if (/^\d{4}-\d\d-\d\d$/.test(text) && parseDate(text) !== undefined) return `${text} 00:00:00`;
      return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text) && parseTimestamp(text) !== undefined
        ? text
        : undefined;
    default:
      return isInteger(to) && /^-?\d{1,38}$/.test(text) ? exactTo(text, to) : undefined;
  }
}

function fitsDigits(unscaled: bigint, precision: number): boolean {
  return (unscaled < 0n ? -unscaled : unscaled) < 10n ** BigInt(precision);
}
