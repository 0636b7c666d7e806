import { type DataType, type Literal, isInteger } from '@tributary/connector-sdk';
import { daysOf, microsOf } from '../types/points-in-time.js';
import { clickhouseTypeName, nullableTypeName } from '../types/type-name.js';
import { toClickhouseText } from '../types/value-text.js';
import { quoteText } from './quote.js';

/** A constant with its type. Plain digits are the smallest integer type that holds them, which widens as it should. */
export function clickhouseLiteral(literal: Literal): string | undefined {
  const { type, value } = literal;
  if (type.id === 'null') return 'NULL';
  if (value === null) {
    const name = nullableTypeName(type);
    return name?.startsWith('Nullable') === true ? `CAST(NULL AS ${name})` : undefined;
  }
  const text = toClickhouseText(type, value);
  if (text === undefined) return pointInTime(type, value);
  switch (type.id) {
    case 'boolean':
      return text;
    case 'varchar':
    case 'enum':
      return quoteText(text);
    case 'date':
      return `toDate32(${quoteText(text)})`;
    case 'timestamptz':
      return `toDateTime64(${quoteText(text)}, 6, 'UTC')`;
    case 'uuid':
      return `toUUID(${quoteText(text)})`;
    default: {
      if (isInteger(type) && type.id !== 'hugeint' && /^-?\d{1,18}$/.test(text)) return inParentheses(text);
      const name = clickhouseTypeName(type);
      return name && `CAST(${quoteText(text)} AS ${name})`;
    }
  }
}

/**
 * A date or an instant by its number. ClickHouse computes with more years than it reads and writes, so that comparisons with what
 * no column of it can hold are right.
 */
function pointInTime(type: DataType, value: string): string | undefined {
  if (type.id === 'date') return dateOfDays(daysOf(value)?.toString());
  return type.id === 'timestamptz' ? instantOfMicros(microsOf(value)?.toString()) : undefined;
}

export function dateOfDays(days: string | undefined): string | undefined {
  return days && `(toDate32('1970-01-01') + toInt32(${days}))`;
}

export function instantOfMicros(micros: string | undefined): string | undefined {
  return micros && `fromUnixTimestamp64Micro(toInt64(${micros}), 'UTC')`;
}

/** A negative number after a minus would begin a comment. */
function inParentheses(text: string): string {
  return text.startsWith('-') ? `(${text})` : text;
}

/** What `Date` holds whole years of. */
const dateYears = /^(19[7-9]\d|20\d\d|21[0-3]\d|214[0-8])-/;

/** Beside a column of either date type, a constant that is no wider than the narrower one lets its index be used. */
export function clickhouseComparand({ type, value }: Literal): string | undefined {
  return type.id === 'date' && value !== null && dateYears.test(value) && toClickhouseText(type, value)
    ? `toDate(${quoteText(value)})`
    : undefined;
}

const floatConstant = /^CAST\('[-+0-9.eE]+' AS Float(32|64)\)$/;

/** Whether the text is a float constant other than NaN and the infinities. */
export function isFiniteConstant(sql: string): boolean {
  return floatConstant.test(sql);
}
