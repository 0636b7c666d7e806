/** How many bytes past its end a buffer may be read or written: copies run in steps of eight. */
export const SLACK: usize = 16;

/** A growing byte buffer. JavaScript reads the three words in this order. */
@unmanaged
export class Buffer {
  start: usize;
  length: usize;
  capacity: usize;

  /** Makes room for `size` more bytes and returns where they go. */
  reserve(size: usize): usize {
    const needed = this.length + size + SLACK;
    if (needed > this.capacity) {
      const capacity = max(needed, max(this.capacity * 2, 1024));
      this.start = this.start == 0 ? heap.alloc(capacity) : heap.realloc(this.start, capacity);
      this.capacity = capacity;
    }
    return this.start + this.length;
  }
}

/** Sets `count` bits from `index` on. The byte that `index` opens is cleared first, so a buffer needs no zeroing. */
export function appendOnes(bits: Buffer, index: u32, count: u32): void {
  bits.length = <usize>(index + 7) >>> 3;
  bits.reserve(<usize>(count >>> 3) + 2);
  while (count > 0 && (index & 7) != 0) {
    appendBit(bits, index++, 1);
    count--;
  }
  memory.fill(bits.start + (index >>> 3), 0xff, count >>> 3);
  index += count & ~7;
  bits.length = <usize>(index + 7) >>> 3;
  for (count &= 7; count > 0; count--) appendBit(bits, index++, 1);
}

/** Writes the bit at `index`; the caller has reserved the byte. */
// @ts-ignore: decorator
@inline
export function appendBit(bits: Buffer, index: u32, bit: u32): void {
  const at = bits.start + (index >>> 3);
  const shift = index & 7;
  if (shift == 0) {
    store<u8>(at, <u8>bit);
    bits.length = <usize>(index >>> 3) + 1;
  } else {
    store<u8>(at, load<u8>(at) | (<u8>bit << <u8>shift));
  }
}

// @ts-ignore: decorator
@inline
export function copyBytes(to: usize, from: usize, size: usize): void {
  if (size > 64) {
    memory.copy(to, from, size);
  } else {
    for (let i: usize = 0; i < size; i += 8) store<u64>(to + i, load<u64>(from + i));
  }
}

// @ts-ignore: decorator
@inline
export function read16(at: usize): i32 {
  return <i32>bswap<u16>(load<u16>(at));
}

// @ts-ignore: decorator
@inline
export function read32(at: usize): i32 {
  return bswap<i32>(load<i32>(at));
}

// @ts-ignore: decorator
@inline
export function read64(at: usize): i64 {
  return bswap<i64>(load<i64>(at));
}
