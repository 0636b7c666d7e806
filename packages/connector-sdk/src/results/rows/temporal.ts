import type { Value } from '../answer.js';

const millisecondsPerDay = 86_400_000;
const microsPerSecond = 1_000_000;
const microsPerDay = 86_400 * microsPerSecond;
/** DuckDB's infinities are the type's largest value, and that negated. */
const infiniteDays = 2 ** 31 - 1;
const infiniteMicros = 2n ** 63n - 1n;

const dateText = /^([+-]?\d{4,7})-(\d{2})-(\d{2})( \(BC\))?$/;
const timeText = /^(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?$/;
const timestampText =
  /^([+-]?\d{4,7})-(\d{2})-(\d{2})( \(BC\))?(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)? ?(Z|[+-]\d{2}(?::?\d{2}){0,2})?)?$/;

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
  return daysOfText(year, month, day, before);
}

/** Microseconds since midnight; a day may end at 24:00:00. */
export function timeOf(value: Value): bigint | undefined {
  if (typeof value !== 'string') return undefined;
  const match = timeText.exec(value);
  if (match === null) return undefined;
  const [, hour = '', minute = '', second, fraction] = match;
  const micros = microsOfText(hour, minute, second, fraction);
  return micros === undefined ? undefined : BigInt(micros);
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
  const [, year = '', month = '', day = '', before, hour = '00', minute = '00', second, fraction, zone] =
    match;
  const days = daysOfText(year, month, day, before);
  const micros = microsOfText(hour, minute, second, fraction);
  const offset = offsetSeconds(zone);
  if (days === undefined || micros === undefined || micros === microsPerDay || (offset !== 0 && !zoned)) {
    return undefined;
  }
  const rest = micros - offset * microsPerSecond;
  const all = days * microsPerDay + rest;
  return Number.isSafeInteger(all) ? BigInt(all) : BigInt(days) * BigInt(microsPerDay) + BigInt(rest);
}

function daysOfText(
  year: string,
  month: string,
  day: string,
  before: string | undefined,
): number | undefined {
  // 1 BC is the year 0.
  return daysFromCivil(before === undefined ? Number(year) : 1 - Number(year), Number(month), Number(day));
}

function microsOfText(hour: string, minute: string, second = '0', fraction = ''): number | undefined {
  if (Number(minute) > 59 || Number(second) > 59) return undefined;
  // Digits beyond the sixth are no microseconds.
  if (fraction.length > 6 && /[1-9]/.test(fraction.slice(6))) return undefined;
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  const micros = seconds * microsPerSecond + Number(fraction.slice(0, 6).padEnd(6, '0'));
  return micros <= microsPerDay ? micros : undefined;
}

function offsetSeconds(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const [hours = 0, minutes = 0, seconds = 0] = (zone.match(/\d{2}/g) ?? []).map(Number);
  const offset = (hours * 60 + minutes) * 60 + seconds;
  return zone.startsWith('-') ? -offset : offset;
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
