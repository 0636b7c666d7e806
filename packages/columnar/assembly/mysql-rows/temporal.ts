import { fieldAt, finish } from '../scalars';
import { Column, fail, Fault, parquet } from '../state';

const MICROS_PER_SECOND: i64 = 1000000;
const MICROS_PER_DAY: i64 = 86400000000;

/**
 * DATE, DATETIME and TIMESTAMP: a length of 0, 4, 7 or 11, then year (two bytes), month, day, hour, minute, second,
 * microseconds (four bytes), as far as the length goes; what is left out is zero.
 */
export function isNoDate(field: usize): bool {
  const length = load<u8>(field);
  return length == 0 || (length >= 4 && (load<u8>(field, 3) == 0 || load<u8>(field, 4) == 0));
}

/** Microseconds since midnight of the date just read. */
let timeOfDay: i64 = 0;

/** Days since 1970 of a date that exists, else a fault and 0. */
function readDate(field: usize): i32 {
  const length = load<u8>(field);
  timeOfDay = 0;
  if (length != 0 && length != 4 && length != 7 && length != 11) {
    fail(Fault.FieldLength, field);
    return 0;
  }
  if (isNoDate(field)) {
    fail(Fault.NoSuchDate, field);
    return 0;
  }
  const year = <i32>load<u16>(field, 1);
  const month = <i32>load<u8>(field, 3);
  const day = <i32>load<u8>(field, 4);
  // ALLOW_INVALID_DATES lets 31 February be stored.
  if (month > 12 || day > daysInMonth(year, month)) {
    fail(Fault.NoSuchDate, field);
    return 0;
  }
  if (length > 4) readTimeOfDay(field + 5, length == 11);
  return daysSince1970(year, month, day);
}

function readTimeOfDay(at: usize, hasMicros: bool): void {
  const hours = load<u8>(at);
  const minutes = load<u8>(at, 1);
  const seconds = load<u8>(at, 2);
  const micros = hasMicros ? load<u32>(at, 3) : 0;
  if (hours > 23 || minutes > 59 || seconds > 59 || micros > 999999) return fail(Fault.Malformed, at);
  timeOfDay = <i64>((<i32>hours * 60 + <i32>minutes) * 60 + <i32>seconds) * MICROS_PER_SECOND + <i64>micros;
}

function daysInMonth(year: i32, month: i32): i32 {
  if (month == 2) return (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
  return 30 + ((month + (month >>> 3)) & 1);
}

/** The proleptic Gregorian calendar, with years that begin in March (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
function daysSince1970(year: i32, month: i32, day: i32): i32 {
  const shifted = month > 2 ? month - 3 : month + 9;
  // 400 years more, so that nothing is negative.
  const y = year + 400 - i32(month <= 2);
  const dayOfYear = (153 * shifted + 2) / 5 + day - 1;
  return y * 365 + y / 4 - y / 100 + y / 400 + dayOfYear - 719468 - 146097;
}

export function appendDates(column: Column, fields: usize, count: i32): void {
  let to = column.data.reserve(<usize>count << 2);
  for (let i = 0; i < count; i++, to += 4) {
    const field = fieldAt(fields, i);
    store<i32>(to, readDate(field));
    if (timeOfDay != 0) return fail(Fault.Inexact, field);
  }
  finish(column, count, 4);
}

export function appendTimestamps(column: Column, fields: usize, count: i32): void {
  let to = column.data.reserve(<usize>count << 3);
  for (let i = 0; i < count; i++, to += 8) {
    const days = readDate(fieldAt(fields, i));
    store<i64>(to, <i64>days * MICROS_PER_DAY + timeOfDay);
  }
  finish(column, count, 8);
}

/** TIME: a length of 0, 8 or 12, then a sign, days (four bytes), hours, minutes, seconds, microseconds (four bytes). */
function readTime(field: usize): i64 {
  const length = load<u8>(field);
  timeOfDay = 0;
  if (length == 0) return 0;
  if (length != 8 && length != 12) {
    fail(Fault.FieldLength, field);
    return 0;
  }
  readTimeOfDay(field + 6, length == 12);
  const micros = <i64>load<u32>(field, 2) * MICROS_PER_DAY + timeOfDay;
  return load<u8>(field, 1) == 0 ? micros : -micros;
}

export function appendTimes(column: Column, fields: usize, count: i32): void {
  let to = column.data.reserve(<usize>count << 3);
  for (let i = 0; i < count; i++, to += 8) {
    const field = fieldAt(fields, i);
    const micros = readTime(field);
    if (micros < 0 || micros >= MICROS_PER_DAY) return fail(Fault.OutOfRange, field);
    store<i64>(to, micros);
  }
  finish(column, count, 8);
}

/** MySQL's TIME is a span of hours, minutes and seconds, up to 838 hours: 25 hours do not become a day and an hour. */
export function appendIntervals(column: Column, fields: usize, count: i32): void {
  const width: usize = parquet ? 4 : 16;
  let to = column.data.reserve(<usize>count * width);
  let toDays = column.aux.reserve(parquet ? <usize>count << 2 : 0);
  let toMicros = column.aux2.reserve(parquet ? <usize>count << 3 : 0);
  for (let i = 0; i < count; i++, to += width) {
    const micros = readTime(fieldAt(fields, i));
    store<i32>(to, 0);
    if (parquet) {
      store<i32>(toDays, 0);
      store<i64>(toMicros, micros);
      toDays += 4;
      toMicros += 8;
    } else {
      store<i32>(to, 0, 4);
      store<i64>(to, micros * 1000, 8);
    }
  }
  if (parquet) {
    column.aux.length += <usize>count << 2;
    column.aux2.length += <usize>count << 3;
  }
  finish(column, count, width);
}
