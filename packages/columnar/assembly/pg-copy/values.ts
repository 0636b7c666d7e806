import { appendBit, read16, read32, read64 } from '../buffer';
import { decimalWidth, storeDecimal } from '../int128';
import { appendBytes, fieldAt, finish } from '../scalars';
import { Column, fail, Fault, parquet } from '../state';
import { decodeNumeric } from './numeric';
import { Op } from './op';

const DAYS_1970_TO_2000: i32 = 10957;
const MICROS_1970_TO_2000: i64 = 946684800000000;

/**
 * Appends `count` non-null fields to a column. `fields` is a table of addresses; a field's length stands in the four
 * bytes before it. No kernel looks for NULL: the caller has taken them out, or put a zero value in their place.
 */
export function appendValues(column: Column, fields: usize, count: i32): void {
  switch (column.op) {
    case Op.Bool: return appendBools(column, fields, count);
    case Op.Int16: return appendInt16(column, fields, count);
    case Op.Fixed4: return appendFixed4(column, fields, count);
    case Op.Fixed8: return appendFixed8(column, fields, count);
    case Op.Bytes16: return appendBytes16(column, fields, count);
    case Op.Date: return appendDates(column, fields, count);
    case Op.Timestamp: return appendTimestamps(column, fields, count);
    case Op.Interval: return appendIntervals(column, fields, count);
    case Op.Decimal: return appendDecimals(column, fields, count);
    case Op.Text: return appendText(column, fields, count);
    case Op.Jsonb: return appendJsonb(column, fields, count);
    case Op.Char: return appendChars(column, fields, count);
    default: fail(Fault.Malformed, 0);
  }
}

// @ts-ignore: decorator
@inline
function lengthOf(field: usize): i32 {
  return read32(field - 4);
}

function appendBools(column: Column, fields: usize, count: i32): void {
  column.data.reserve((<usize>count >>> 3) + 2);
  for (let i = 0; i < count; i++) {
    const field = fieldAt(fields, i);
    if (lengthOf(field) != 1) return fail(Fault.FieldLength, field);
    appendBit(column.data, column.values + i, load<u8>(field) != 0 ? 1 : 0);
  }
  column.values += count;
}

function appendInt16(column: Column, fields: usize, count: i32): void {
  const width: usize = parquet ? 4 : 2;
  let to = column.data.reserve(<usize>count * width);
  for (let i = 0; i < count; i++, to += width) {
    const field = fieldAt(fields, i);
    if (lengthOf(field) != 2) return fail(Fault.FieldLength, field);
    const value = <i32>(<i16>read16(field));
    if (parquet) store<i32>(to, value);
    else store<i16>(to, <i16>value);
  }
  finish(column, count, width);
}

function appendFixed4(column: Column, fields: usize, count: i32): void {
  let to = column.data.reserve(<usize>count << 2);
  for (let i = 0; i < count; i++, to += 4) {
    const field = fieldAt(fields, i);
    if (lengthOf(field) != 4) return fail(Fault.FieldLength, field);
    store<i32>(to, read32(field));
  }
  finish(column, count, 4);
}

function appendFixed8(column: Column, fields: usize, count: i32): void {
  let to = column.data.reserve(<usize>count << 3);
  for (let i = 0; i < count; i++, to += 8) {
    const field = fieldAt(fields, i);
    if (lengthOf(field) != 8) return fail(Fault.FieldLength, field);
    store<i64>(to, read64(field));
  }
  finish(column, count, 8);
}

function appendBytes16(column: Column, fields: usize, count: i32): void {
  let to = column.data.reserve(<usize>count << 4);
  for (let i = 0; i < count; i++, to += 16) {
    const field = fieldAt(fields, i);
    if (lengthOf(field) != 16) return fail(Fault.FieldLength, field);
    store<u64>(to, load<u64>(field));
    store<u64>(to, load<u64>(field, 8), 8);
  }
  finish(column, count, 16);
}

/** PostgreSQL's infinities are the extremes of int32; DuckDB's are its maximum and that negated. */
function appendDates(column: Column, fields: usize, count: i32): void {
  let to = column.data.reserve(<usize>count << 2);
  for (let i = 0; i < count; i++, to += 4) {
    const field = fieldAt(fields, i);
    if (lengthOf(field) != 4) return fail(Fault.FieldLength, field);
    const days = read32(field);
    if (days == i32.MAX_VALUE) store<i32>(to, i32.MAX_VALUE);
    else if (days == i32.MIN_VALUE) store<i32>(to, -i32.MAX_VALUE);
    else if (days >= i32.MAX_VALUE - DAYS_1970_TO_2000) return fail(Fault.OutOfRange, field);
    else store<i32>(to, days + DAYS_1970_TO_2000);
  }
  finish(column, count, 4);
}

function appendTimestamps(column: Column, fields: usize, count: i32): void {
  let to = column.data.reserve(<usize>count << 3);
  for (let i = 0; i < count; i++, to += 8) {
    const field = fieldAt(fields, i);
    if (lengthOf(field) != 8) return fail(Fault.FieldLength, field);
    const micros = read64(field);
    if (micros == i64.MAX_VALUE) store<i64>(to, i64.MAX_VALUE);
    else if (micros == i64.MIN_VALUE) store<i64>(to, -i64.MAX_VALUE);
    else if (micros >= i64.MAX_VALUE - MICROS_1970_TO_2000) return fail(Fault.OutOfRange, field);
    else store<i64>(to, micros + MICROS_1970_TO_2000);
  }
  finish(column, count, 8);
}

/** Microseconds, days, months on the wire. PostgreSQL 17's infinities have all three at an extreme; nobody else has them. */
function appendIntervals(column: Column, fields: usize, count: i32): void {
  const width: usize = parquet ? 4 : 16;
  let to = column.data.reserve(<usize>count * width);
  let toDays = column.aux.reserve(parquet ? <usize>count << 2 : 0);
  let toMicros = column.aux2.reserve(parquet ? <usize>count << 3 : 0);
  for (let i = 0; i < count; i++) {
    const field = fieldAt(fields, i);
    if (lengthOf(field) != 16) return fail(Fault.FieldLength, field);
    const micros = read64(field);
    const days = read32(field + 8);
    const months = read32(field + 12);
    const isInfinite =
      (micros == i64.MAX_VALUE && days == i32.MAX_VALUE && months == i32.MAX_VALUE) ||
      (micros == i64.MIN_VALUE && days == i32.MIN_VALUE && months == i32.MIN_VALUE);
    if (isInfinite) return fail(Fault.NotFinite, field);
    store<i32>(to, months);
    if (parquet) {
      store<i32>(toDays, days);
      store<i64>(toMicros, micros);
      toDays += 4;
      toMicros += 8;
    } else {
      if (micros > i64.MAX_VALUE / 1000 || micros < i64.MIN_VALUE / 1000) return fail(Fault.OutOfRange, field);
      store<i32>(to, days, 4);
      store<i64>(to, micros * 1000, 8);
    }
    to += width;
  }
  if (parquet) {
    column.aux.length += <usize>count << 2;
    column.aux2.length += <usize>count << 3;
  }
  finish(column, count, width);
}

function appendDecimals(column: Column, fields: usize, count: i32): void {
  const precision = column.precision;
  const scale = column.scale;
  const width = decimalWidth(precision);
  let to = column.data.reserve(<usize>count * width);
  for (let i = 0; i < count; i++, to += width) {
    const field = fieldAt(fields, i);
    if (!decodeNumeric(field, lengthOf(field), precision, scale)) return;
    storeDecimal(to, width);
  }
  finish(column, count, width);
}

function appendText(column: Column, fields: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    const field = fieldAt(fields, i);
    appendBytes(column, field, lengthOf(field));
  }
  column.values += count;
}

function appendJsonb(column: Column, fields: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    const field = fieldAt(fields, i);
    if (lengthOf(field) < 1 || load<u8>(field) != 1) return fail(Fault.Malformed, field);
    appendBytes(column, field + 1, lengthOf(field) - 1);
  }
  column.values += count;
}

const CHAR_TEXT = memory.data(32);

/** PostgreSQL's one-byte "char" as its text: nothing for zero, octal above 127 (charout in char.c). */
function appendChars(column: Column, fields: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    const field = fieldAt(fields, i);
    if (lengthOf(field) != 1) return fail(Fault.FieldLength, field);
    const char = load<u8>(field);
    if (char < 0x80) {
      appendBytes(column, field, char == 0 ? 0 : 1);
    } else {
      store<u8>(CHAR_TEXT, 0x5c);
      store<u8>(CHAR_TEXT, 0x30 + (char >>> 6), 1);
      store<u8>(CHAR_TEXT, 0x30 + ((char >>> 3) & 7), 2);
      store<u8>(CHAR_TEXT, 0x30 + (char & 7), 3);
      appendBytes(column, CHAR_TEXT, 4);
    }
  }
  column.values += count;
}
