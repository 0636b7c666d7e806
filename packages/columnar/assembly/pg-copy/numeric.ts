import { read16 } from '../buffer';
import { multiplyAdd, negate, power, setUnsigned } from '../int128';
import { Fault, fail } from '../state';

const NOT_FINITE: i32 = 0xc000;
const NEGATIVE: i32 = 0x4000;

/**
 * Decodes PostgreSQL's binary NUMERIC (16-bit counts of digits, weight, sign, display scale; then digits of base 10000)
 * into value * 10^scale. Returns false, with a fault, where that is not exact or has more than `precision` digits.
 */
export function decodeNumeric(field: usize, length: i32, precision: i32, scale: i32): bool {
  if (length < 8) return refuse(Fault.FieldLength, field);
  const count = read16(field);
  const sign = read16(field + 4);
  if ((sign & NOT_FINITE) == NOT_FINITE) return refuse(Fault.NotFinite, field);
  if (length != 8 + 2 * count) return refuse(Fault.FieldLength, field);

  const digits = field + 8;
  let first = 0;
  while (first < count && read16(digits + 2 * first) == 0) first++;
  setUnsigned(0);
  if (first == count) return true;

  const exponent = scale + 4 * (<i32>(<i16>read16(field + 2)) - first);
  const size = decimalDigits(read16(digits + 2 * first)) + exponent;
  if (size > precision) return refuse(Fault.Overflow, field);
  if (size <= 0) return refuse(Fault.Inexact, field);
  const start = digits + 2 * first;
  const end = digits + 2 * count;
  const exact = size <= 18 ? decodeNarrow(start, end, exponent) : decodeWide(start, end, exponent);
  if (!exact) return refuse(Fault.Inexact, field);

  if ((sign & NEGATIVE) != 0) negate();
  return true;
}

/** `exponent`: the power of ten of the digit at `at`, in units of the result. */
function decodeNarrow(at: usize, end: usize, exponent: i32): bool {
  let sum: u64 = 0;
  for (; at < end; at += 2, exponent -= 4) {
    const digit = <u64>read16(at);
    if (exponent >= 0) {
      sum = sum * 10000 + digit;
    } else if (exponent > -4) {
      const unit = power(-exponent);
      if (digit % unit != 0) return false;
      sum = sum * power(4 + exponent) + digit / unit;
    } else if (digit != 0) {
      return false;
    }
  }
  if (exponent > -4) sum *= power(exponent + 4);
  setUnsigned(sum);
  return true;
}

function decodeWide(at: usize, end: usize, exponent: i32): bool {
  for (; at < end; at += 2, exponent -= 4) {
    const digit = <u64>read16(at);
    if (exponent >= 0) {
      multiplyAdd(10000, digit);
    } else if (exponent > -4) {
      const unit = power(-exponent);
      if (digit % unit != 0) return false;
      multiplyAdd(power(4 + exponent), digit / unit);
    } else if (digit != 0) {
      return false;
    }
  }
  for (let left = exponent + 4; left > 0; left -= 4) multiplyAdd(power(min(left, 4)), 0);
  return true;
}

function decimalDigits(digit: i32): i32 {
  if (digit < 10) return 1;
  if (digit < 100) return 2;
  if (digit < 1000) return 3;
  return 4;
}

function refuse(code: i32, at: usize): bool {
  fail(code, at);
  return false;
}
