import type { Data } from 'apache-arrow';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const float32 = new Float32Array(1);

export function utf8At(data: Data, row: number): string {
  return decoder.decode(bytesAt(data, row));
}

/** `\x0aff`, as PostgreSQL writes it. */
export function formatBlob(data: Data, row: number): string {
  return `\\x${Buffer.from(bytesAt(data, row)).toString('hex')}`;
}

export function formatUuid(values: Uint8Array, row: number): string {
  const hex = Buffer.from(values.subarray(row * 16, row * 16 + 16)).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The shortest text that reads back as the same number. */
export function formatDouble(value: number): string {
  return Object.is(value, -0) ? '-0.0' : String(value);
}

/** As few digits as a float needs to read back: 0.1, not 0.10000000149011612. */
export function formatFloat(value: number): string {
  for (let digits = 6; digits < 9; digits += 1) {
    float32[0] = Number(value.toPrecision(digits));
    if (float32[0] === value) return formatDouble(Number(value.toPrecision(digits)));
  }
  return formatDouble(value);
}

/** A 128-bit two's complement integer in four words, lowest first. */
export function decimalAt(words: Uint32Array | Int32Array, row: number): bigint {
  const word = (index: number): bigint => BigInt((words[row * 4 + index] ?? 0) >>> 0);
  return BigInt.asIntN(128, word(0) | (word(1) << 32n) | (word(2) << 64n) | (word(3) << 96n));
}

/** {@link decimalAt} with `scale` digits behind the point. */
export function formatDecimal(words: Uint32Array | Int32Array, row: number, scale: number): string {
  const value = decimalAt(words, row);
  if (scale === 0) return String(value);
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

export function bytesAt(data: Data, row: number): Uint8Array {
  const offsets: Int32Array = data.valueOffsets;
  const values: Uint8Array = data.values;
  return values.subarray(offsets[row], offsets[row + 1]);
}
