/** Length-encoded integers: one byte to 250, else a byte that tells how many follow. */

/** More than any packet has: what a length that 32 bits do not hold counts as. */
const TOO_LONG: usize = 0xffffffff;

// @ts-ignore: decorator
@inline
export function valueLength(at: usize): usize {
  const first = load<u8>(at);
  return first < 251 ? first : longLength(at, first);
}

/** Bytes that the length itself takes. */
// @ts-ignore: decorator
@inline
export function lengthSize(at: usize): usize {
  const first = load<u8>(at);
  if (first < 251) return 1;
  return first == 252 ? 3 : first == 253 ? 4 : 9;
}

/** 251 would be NULL and 255 an error, in other places than these. */
function longLength(at: usize, first: u8): usize {
  switch (first) {
    case 252: return load<u16>(at, 1);
    case 253: return load<u32>(at) >>> 8;
    case 254: return load<u64>(at, 1) >= TOO_LONG ? TOO_LONG : <usize>load<u32>(at, 1);
    default: return TOO_LONG;
  }
}
