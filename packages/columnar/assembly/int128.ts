import { parquet } from './state';

/** Powers of ten that fit 64 bits. */
const POWERS = memory.data<u64>([
  1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000,
  1000000000000, 10000000000000, 100000000000000, 1000000000000000, 10000000000000000, 100000000000000000,
  1000000000000000000, 10000000000000000000,
]);

/** The number just decoded: two's complement, 128 bits. */
export let low: u64 = 0;
export let high: u64 = 0;

// @ts-ignore: decorator
@inline
export function setUnsigned(value: u64): void {
  low = value;
  high = 0;
}

export function multiplyAdd(factor: u64, addend: u64): void {
  const lower = (low & 0xffffffff) * factor + addend;
  const upper = (low >>> 32) * factor + (lower >>> 32);
  low = (upper << 32) | (lower & 0xffffffff);
  high = high * factor + (upper >>> 32);
}

// @ts-ignore: decorator
@inline
export function negate(): void {
  low = 0 - low;
  high = ~high + u64(low == 0);
}

/** Ten to the power of 0 to 19. */
// @ts-ignore: decorator
@inline
export function power(exponent: i32): u64 {
  return load<u64>(POWERS + (<usize>exponent << 3));
}

/** Bytes of one decimal. Parquet: int32 to 9 digits, int64 to 18, else 16 bytes. Arrow: 128 bits. */
export function decimalWidth(precision: i32): usize {
  return !parquet || precision > 18 ? 16 : precision > 9 ? 8 : 4;
}

/** Writes the number as a decimal of that width. Parquet's 16 bytes are big-endian, Arrow's little-endian. */
// @ts-ignore: decorator
@inline
export function storeDecimal(to: usize, width: usize): void {
  if (width == 8) {
    store<u64>(to, low);
  } else if (width == 4) {
    store<u32>(to, <u32>low);
  } else if (parquet) {
    store<u64>(to, bswap<u64>(high));
    store<u64>(to, bswap<u64>(low), 8);
  } else {
    store<u64>(to, low);
    store<u64>(to, high, 8);
  }
}
