import { appendBit } from '../buffer';
import { decimalWidth, low, storeDecimal } from '../int128';
import { appendBytes, fieldAt, finish } from '../scalars';
import { Column, fail, Fault, parquet } from '../state';
import { Kind } from './kind';
import { lengthSize, valueLength } from './length';
import { applySign, fits, isNegative, readNumber } from './numbers';
import { appendDates, appendIntervals, appendTimes, appendTimestamps } from './temporal';

/** Digits of an integer of any type, with room for what is out of its range. */
const INTEGER_DIGITS: i32 = 38;

/**
 * Appends `count` non-null fields to a column. `fields` is a table of addresses; where a value has a length before it, it is
 * that length's address. No kernel looks for NULL: the caller has taken them out, or put a zero value in their place.
 */
export function appendValues(column: Column, fields: usize, count: i32): void {
  const isSame = column.source == column.op;
  switch (column.op) {
    case Kind.Int8: return isSame ? appendSame<i8, i32>(column, fields, count) : appendIntegers<i8, i32>(column, fields, count);
    case Kind.UInt8: return isSame ? appendSame<u8, i32>(column, fields, count) : appendIntegers<u8, i32>(column, fields, count);
    case Kind.Int16: return isSame ? appendSame<i16, i32>(column, fields, count) : appendIntegers<i16, i32>(column, fields, count);
    case Kind.UInt16: return isSame ? appendSame<u16, i32>(column, fields, count) : appendIntegers<u16, i32>(column, fields, count);
    case Kind.Int32:
    case Kind.UInt32: return isSame ? appendSame<i32, i32>(column, fields, count) : appendIntegers<i32, i32>(column, fields, count);
    case Kind.Int64:
    case Kind.UInt64: return isSame ? appendSame<i64, i64>(column, fields, count) : appendIntegers<i64, i64>(column, fields, count);
    case Kind.Float: return isSame ? appendSame<i32, i32>(column, fields, count) : appendFloats(column, fields, count);
    case Kind.Double: return isSame ? appendSame<i64, i64>(column, fields, count) : appendDoubles(column, fields, count);
    case Kind.Decimal: return appendDecimals(column, fields, count);
    case Kind.Bytes: return appendTexts(column, fields, count);
    case Kind.Timestamp: return appendTimestamps(column, fields, count);
    case Kind.Time: return appendTimes(column, fields, count);
    case Kind.Bool: return appendBools(column, fields, count);
    case Kind.Uuid: return appendUuids(column, fields, count);
    case Kind.Date: return appendDates(column, fields, count);
    case Kind.Interval: return appendIntervals(column, fields, count);
    default: fail(Fault.Malformed, 0);
  }
}

/** `Wide` is how Parquet stores it. */
function appendSame<Value, Wide>(column: Column, fields: usize, count: i32): void {
  const width = parquet ? sizeof<Wide>() : sizeof<Value>();
  let to = column.data.reserve(<usize>count * width);
  for (let i = 0; i < count; i++, to += width) {
    const value = load<Value>(fieldAt(fields, i));
    if (parquet) store<Wide>(to, <Wide>value);
    else store<Value>(to, value);
  }
  finish(column, count, width);
}

/** An integer that comes wider, narrower, as a decimal or otherwise than it was planned. */
function appendIntegers<Value, Wide>(column: Column, fields: usize, count: i32): void {
  const width = parquet ? sizeof<Wide>() : sizeof<Value>();
  let to = column.data.reserve(<usize>count * width);
  for (let i = 0; i < count; i++, to += width) {
    const field = fieldAt(fields, i);
    if (!readNumber(column.source, field, INTEGER_DIGITS, 0)) return;
    if (!fits(column.op)) return fail(Fault.OutOfRange, field);
    applySign();
    if (parquet) store<Wide>(to, <Wide>(<Value>low));
    else store<Value>(to, <Value>low);
  }
  finish(column, count, width);
}

function appendBools(column: Column, fields: usize, count: i32): void {
  column.data.reserve((<usize>count >>> 3) + 2);
  for (let i = 0; i < count; i++) {
    const field = fieldAt(fields, i);
    if (!readNumber(column.source, field, INTEGER_DIGITS, 0)) return;
    if (!fits(Kind.Bool)) return fail(Fault.OutOfRange, field);
    appendBit(column.data, column.values + i, <u32>low);
  }
  column.values += count;
}

function appendDecimals(column: Column, fields: usize, count: i32): void {
  const width = decimalWidth(column.precision);
  let to = column.data.reserve(<usize>count * width);
  for (let i = 0; i < count; i++, to += width) {
    if (!readNumber(column.source, fieldAt(fields, i), column.precision, column.scale)) return;
    applySign();
    storeDecimal(to, width);
  }
  finish(column, count, width);
}

function appendDoubles(column: Column, fields: usize, count: i32): void {
  let to = column.data.reserve(<usize>count << 3);
  for (let i = 0; i < count; i++, to += 8) {
    const field = fieldAt(fields, i);
    store<f64>(to, readDouble(column.source, field));
  }
  finish(column, count, 8);
}

function appendFloats(column: Column, fields: usize, count: i32): void {
  let to = column.data.reserve(<usize>count << 2);
  for (let i = 0; i < count; i++, to += 4) {
    const field = fieldAt(fields, i);
    const value = readDouble(column.source, field);
    if (<f64>(<f32>value) != value) return fail(Fault.Inexact, field);
    store<f32>(to, <f32>value);
  }
  finish(column, count, 4);
}

function readDouble(source: i32, field: usize): f64 {
  if (source == Kind.Float) return load<f32>(field);
  if (source == Kind.Double) return load<f64>(field);
  if (!readNumber(source, field, INTEGER_DIGITS, 0)) return 0;
  const value = <f64>low;
  // 2^64 is what the largest integers round to; it does not come back.
  if (value >= 18446744073709551616.0 || <u64>value != low) fail(Fault.Inexact, field);
  return isNegative ? -value : value;
}

function appendTexts(column: Column, fields: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    const field = fieldAt(fields, i);
    appendBytes(column, field + lengthSize(field), <i32>valueLength(field));
  }
  column.values += count;
}

/** MariaDB sends its UUIDs as text. */
function appendUuids(column: Column, fields: usize, count: i32): void {
  let to = column.data.reserve(<usize>count << 4);
  for (let i = 0; i < count; i++) {
    const field = fieldAt(fields, i);
    if (load<u8>(field) != 36) return fail(Fault.FieldLength, field);
    let at = field + 1;
    for (let byte = 0; byte < 16; byte++, at += 2, to++) {
      if (byte == 4 || byte == 6 || byte == 8 || byte == 10) {
        if (load<u8>(at) != 0x2d) return fail(Fault.Malformed, field);
        at++;
      }
      const digits = (hexDigit(load<u8>(at)) << 4) | hexDigit(load<u8>(at, 1));
      if (digits > 0xff) return fail(Fault.Malformed, field);
      store<u8>(to, <u8>digits);
    }
  }
  finish(column, count, 16);
}

/** More than a byte's half where it is none. */
function hexDigit(char: u8): u32 {
  const digit = <u32>char - 0x30;
  if (digit < 10) return digit;
  const letter = (<u32>char | 0x20) - 0x61;
  return letter < 6 ? letter + 10 : 0x1000;
}
