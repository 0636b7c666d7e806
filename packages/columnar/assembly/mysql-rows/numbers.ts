import { high, low, multiplyAdd, negate, power, setUnsigned } from '../int128';
import { fail, Fault } from '../state';
import { Kind } from './kind';

/** Digits that any sum of 64 bits can hold. */
const NARROW_DIGITS: i32 = 18;
/** Beyond 2^63 a product would have to be checked against 128 bits; no such double has been seen where a decimal was planned. */
const LARGEST_DOUBLE: f64 = 9223372036854775000.0;

/** Set by `readNumber`; the number itself is in `low` and `high`, without its sign until `negate`. */
export let isNegative: bool = false;

/**
 * Reads a number as value * 10^scale into `low` and `high`. Returns false, with a fault, where that is not exact or has more
 * than `precision` digits.
 */
export function readNumber(source: i32, field: usize, precision: i32, scale: i32): bool {
  switch (source) {
    case Kind.Int8: return setInteger(load<i8>(field), precision, scale, field);
    case Kind.UInt8: return setNatural(load<u8>(field), false, precision, scale, field);
    case Kind.Int16: return setInteger(load<i16>(field), precision, scale, field);
    case Kind.UInt16: return setNatural(load<u16>(field), false, precision, scale, field);
    case Kind.Int32: return setInteger(load<i32>(field), precision, scale, field);
    case Kind.UInt32: return setNatural(load<u32>(field), false, precision, scale, field);
    case Kind.Int64: return setInteger(load<i64>(field), precision, scale, field);
    case Kind.UInt64: return setNatural(load<u64>(field), false, precision, scale, field);
    case Kind.Float: return setDouble(load<f32>(field), precision, scale, field);
    case Kind.Double: return setDouble(load<f64>(field), precision, scale, field);
    case Kind.Bits: return setBits(field, precision, scale);
    default: return setDecimal(field, precision, scale);
  }
}

function setInteger(value: i64, precision: i32, scale: i32, field: usize): bool {
  const isBelowZero = value < 0;
  return setNatural(isBelowZero ? 0 - <u64>value : <u64>value, isBelowZero, precision, scale, field);
}

function setNatural(value: u64, isBelowZero: bool, precision: i32, scale: i32, field: usize): bool {
  isNegative = isBelowZero;
  setUnsigned(value);
  if (value != 0 && digitsOf(value) + scale > precision) return refuse(Fault.Overflow, field);
  scaleUp(value == 0 ? 0 : scale);
  return true;
}

/** Exact: a double is an integer over a power of two, so with n binary places it has n decimal places. */
function setDouble(value: f64, precision: i32, scale: i32, field: usize): bool {
  if (value != value || abs(value) == Infinity) return refuse(Fault.NotFinite, field);
  isNegative = value < 0;
  let integer = abs(value);
  for (let i = 0; i < scale; i++) integer *= 2;
  if (integer != floor(integer)) return refuse(Fault.Inexact, field);
  let bound = integer;
  for (let i = 0; i < scale; i++) bound *= 5;
  if (bound > LARGEST_DOUBLE) return refuse(Fault.Overflow, field);
  let natural = <u64>integer;
  for (let i = 0; i < scale; i++) natural *= 5;
  setUnsigned(natural);
  return digitsOf(natural) <= precision || natural == 0 || refuse(Fault.Overflow, field);
}

/** BIT: up to eight bytes, the most significant first. */
function setBits(field: usize, precision: i32, scale: i32): bool {
  const length = load<u8>(field);
  if (length > 8) return refuse(Fault.FieldLength, field);
  let value: u64 = 0;
  for (let i: usize = 1; i <= length; i++) value = (value << 8) | load<u8>(field + i);
  return setNatural(value, false, precision, scale, field);
}

/** DECIMAL: its text, such as -0.05, with up to 65 digits, all of the scale's decimals, and zeros in front where ZEROFILL asks. */
function setDecimal(field: usize, precision: i32, scale: i32): bool {
  let at = field + 1;
  const end = at + load<u8>(field);
  if (load<u8>(field) > 250) return refuse(Fault.Malformed, field);
  isNegative = at < end && load<u8>(at) == 0x2d;
  if (isNegative) at++;
  if (at == end) return refuse(Fault.Malformed, field);
  if (setPlainDecimal(at, end, precision, scale)) return true;
  while (at < end && load<u8>(at) == 0x30) at++;

  setUnsigned(0);
  let sum: u64 = 0;
  let digits = 0;
  let decimals = -1;
  for (; at < end; at++) {
    const digit = <u32>load<u8>(at) - 0x30;
    if (digit > 9) {
      if (load<u8>(at) != 0x2e || decimals >= 0) return refuse(Fault.Malformed, field);
      decimals = 0;
    } else if (decimals >= scale) {
      if (digit != 0) return refuse(Fault.Inexact, field);
    } else {
      if (decimals >= 0) decimals++;
      sum = sum * 10 + digit;
      digits++;
      if (digits == NARROW_DIGITS) {
        setUnsigned(sum);
      } else if (digits > NARROW_DIGITS) {
        if (digits > precision) return refuse(Fault.Overflow, field);
        multiplyAdd(10, digit);
      }
    }
  }
  if (digits < NARROW_DIGITS) setUnsigned(sum);
  const missing = scale - max(decimals, 0);
  if (isZero()) return true;
  // Zeros behind the point count as digits above: 0.05 as decimal(2, 2) has two.
  if (digits + missing > precision) return refuse(Fault.Overflow, field);
  scaleUp(missing);
  return true;
}

/** The usual decimal: up to 18 digits, no more than its type has, and all of the scale's decimals. False for any other. */
function setPlainDecimal(at: usize, end: usize, precision: i32, scale: i32): bool {
  const point = scale == 0 ? end : end - scale - 1;
  const digits = <i32>(end - at) - i32(scale != 0);
  if (digits > min(precision, NARROW_DIGITS) || digits <= scale) return false;
  if (scale != 0 && load<u8>(point) != 0x2e) return false;
  let sum: u64 = 0;
  let others: u32 = 0;
  for (; at < point; at++) {
    const digit = <u32>load<u8>(at) - 0x30;
    others |= u32(digit > 9);
    sum = sum * 10 + digit;
  }
  for (at++; at < end; at++) {
    const digit = <u32>load<u8>(at) - 0x30;
    others |= u32(digit > 9);
    sum = sum * 10 + digit;
  }
  setUnsigned(sum);
  return others == 0;
}

/** True where the number lies within an integer type. */
export function fits(target: i32): bool {
  if (high != 0) return false;
  switch (target) {
    case Kind.Bool: return low <= 1 && !isBelowZero();
    case Kind.Int8: return low <= 0x7f + u64(isNegative);
    case Kind.UInt8: return low <= 0xff && !isBelowZero();
    case Kind.Int16: return low <= 0x7fff + u64(isNegative);
    case Kind.UInt16: return low <= 0xffff && !isBelowZero();
    case Kind.Int32: return low <= 0x7fffffff + u64(isNegative);
    case Kind.UInt32: return low <= 0xffffffff && !isBelowZero();
    case Kind.Int64: return low <= 0x7fffffffffffffff + u64(isNegative);
    default: return !isBelowZero();
  }
}

// @ts-ignore: decorator
@inline
function isZero(): bool {
  return (low | high) == 0;
}

// @ts-ignore: decorator
@inline
function isBelowZero(): bool {
  return isNegative && !isZero();
}

/** Gives the number its sign. */
// @ts-ignore: decorator
@inline
export function applySign(): void {
  if (isNegative) negate();
}

function scaleUp(digits: i32): void {
  for (; digits > 0; digits -= 9) multiplyAdd(power(min(digits, 9)), 0);
}

function digitsOf(value: u64): i32 {
  let digits = 1;
  while (digits < 20 && value >= power(digits)) digits++;
  return digits;
}

function refuse(code: i32, at: usize): bool {
  fail(code, at);
  return false;
}
