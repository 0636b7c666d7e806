/** A little-endian 128-bit integer, signed, of Arrow's four 32-bit words. */
export function int128At(words: Uint32Array | Int32Array, index: number): bigint {
  const at = index * 4;
  const low = wordAt(words, at) | (wordAt(words, at + 1) << 32n);
  const high = wordAt(words, at + 2) | (wordAt(words, at + 3) << 32n);
  return BigInt.asIntN(128, (high << 64n) | low);
}

function wordAt(words: Uint32Array | Int32Array, index: number): bigint {
  return BigInt((words[index] ?? 0) >>> 0);
}

/** An unscaled integer as a decimal with exactly `scale` digits after the point. */
export function decimalText(unscaled: bigint, scale: number): string {
  if (scale === 0) return String(unscaled);
  const negative = unscaled < 0n;
  const digits = String(negative ? -unscaled : unscaled).padStart(scale + 1, '0');
  return `${negative ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

const hexBytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** The usual form of the uuid in 16 bytes from `start`. */
export function uuidText(bytes: Uint8Array, start: number): string {
  let text = '';
  for (let i = 0; i < 16; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) text += '-';
    text += hexBytes[bytes[start + i] ?? 0] ?? '';
  }
  return text;
}
