import type { Value } from '../answer.js';

const millisecondsPerDay = 86_400_000;
const microsPerDay = 86_400_000_000n;
/** DuckDB's infinities are the type's largest value, and that negated. */
const infiniteDays = 2 ** 31 - 1;
const infiniteMicros = 2n ** 63n - 1n;

const dateText = /^([+-]?\d{4,7})-(\d{2})-(\d{2})( \(BC\))?$/;
const timeText = /^(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?$/;
const timestampText = /^([^T ]+(?: \(BC\))?)(?:[T ]([\d:.]+) ?(Z|[+-]\d{2}(?::?\d{2}){0,2})?)?$/;

/** Days since 1970-01-01 of literal text or of a `Date` at midnight UTC. */
export function daysOf(value: Value): number | undefined {
  if (value instanceof Date) {
    const days = value.getTime() / millisecondsPerDay;
    return Number.isInteger(days) ? days : undefined;
  }
  if (typeof value !== 'string') return undefined;
  if (value === 'infinity') return infiniteDays;
  if (value === '-infinity') return -infiniteDays;
  const match = dateText.exec(value);
  if (match === null) return undefined;
  const [, year = '', month = '', day = '', before] = match;
  // 1 BC is the year 0.
  return daysFromCivil(before === undefined ? Number(year) : 1 - Number(year), Number(month), Number(day));
}

/** Microseconds since midnight; a day may end at 24:00:00. */
export function timeOf(value: Value): bigint | undefined {
  if (typeof value !== 'string') return undefined;
  const match = timeText.exec(value);
  if (match === null) return undefined;
  const [, hour = '', minute = '', second = '0', fraction = ''] = match;
  if (Number(minute) > 59 || Number(second) > 59) return undefined;
  // Digits beyond the sixth are no microseconds.
  if (/[1-9]/.test(fraction.slice(6))) return undefined;
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  const micros = BigInt(seconds) * 1_000_000n + BigInt(fraction.slice(0, 6).padEnd(6, '0'));
  return micros <= microsPerDay ? micros : undefined;
}

/**
 * Microseconds since the epoch. An offset is heeded with `zoned`; without, only UTC's own may stand there. Text without an offset is
 * in UTC.
 */
export function timestampOf(value: Value, zoned: boolean): bigint | undefined {
  if (value instanceof Date) {
    const milliseconds = value.getTime();
    return Number.isNaN(milliseconds) ? undefined : BigInt(milliseconds) * 1000n;
  }
  if (typeof value !== 'string') return undefined;
  if (value === 'infinity') return infiniteMicros;
  if (value === '-infinity') return -infiniteMicros;
  const match = timestampText.exec(value);
  if (match === null) return undefined;
  const [, date = '', time = '00:00:00', zone = 'Z'] = match;
  const days = daysOf(date);
  const micros = timeOf(time);
  const offset = offsetOf(zone);
  if (days === undefined || Math.abs(days) === infiniteDays) return undefined;
  if (micros === undefined || micros === microsPerDay || (offset !== 0n && !zoned)) return undefined;
  return BigInt(days) * microsPerDay + micros - offset;
}

function offsetOf(zone: string): bigint {
  if (zone === 'Z') return 0n;
  const [hours = 0, minutes = 0, seconds = 0] = (zone.match(/\d{2}/g) ?? []).map(Number);
  const micros = BigInt((hours * 60 + minutes) * 60 + seconds) * 1_000_000n;
  return zone.startsWith('-') ? -micros : micros;
}

/** H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil; undefined for a day that is not in the calendar. */
function daysFromCivil(year: number, month: number, day: number): number | undefined {
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
