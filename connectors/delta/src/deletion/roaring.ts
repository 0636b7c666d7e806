/** First bytes of a deletion vector: the 64-bit portable format follows (Delta protocol, "Deletion Vector Format"). */
const magic = 1_681_511_377;

/** Cookies of a 32-bit bitmap (RoaringFormatSpec, "Cookie header"). */
const cookieWithRuns = 12_347;
const cookieWithoutRuns = 12_346;

/** Values of a container from which on it is a bitmap rather than an array. */
const mostInArray = 4096;
const bitmapBytes = 8192;
/** Containers from which on a bitmap with runs has offsets as well. */
const fewestWithOffsets = 4;

/**
 * The numbers in a deletion vector, ascending. Both formats are little endian: https://github.com/RoaringBitmap/RoaringFormatSpec
 *
 * @throws RangeError when the bytes are damaged
 */
export function readDeletionVector(bytes: Uint8Array): readonly number[] {
  const input = new Input(bytes);
  const found = input.uint32();
  if (found !== magic) throw new RangeError(`its magic number is ${found}`);
  const buckets = input.uint64();
  const rows: number[] = [];
  let last = -1;
  for (let bucket = 0; bucket < buckets; bucket++) {
    const high = input.uint32();
    if (high <= last) throw new RangeError('its buckets are out of order');
    last = high;
    readBitmap(input, high * 0x1_00_00_00_00, rows);
  }
  if (rows.length > 0 && !Number.isSafeInteger(rows.at(-1)))
    throw new RangeError('its row numbers are too large');
  return rows;
}

function readBitmap(input: Input, high: number, rows: number[]): void {
  const cookie = input.uint32();
  const hasRuns = (cookie & 0xff_ff) === cookieWithRuns;
  if (!hasRuns && cookie !== cookieWithoutRuns) throw new RangeError(`a bitmap in it begins with ${cookie}`);
  const count = hasRuns ? (cookie >>> 16) + 1 : input.uint32();
  if (count > 0x1_00_00) throw new RangeError(`a bitmap in it has ${count} containers`);
  const runs = hasRuns ? input.bytes(Math.ceil(count / 8)) : undefined;
  const containers = Array.from({ length: count }, () => ({
    key: input.uint16(),
    cardinality: input.uint16() + 1,
  }));
  if (!hasRuns || count >= fewestWithOffsets) input.bytes(count * 4);
  for (const [index, { key, cardinality }] of containers.entries()) {
    const base = high + key * 0x1_00_00;
    const isRun = ((runs?.[index >>> 3] ?? 0) >>> (index & 7)) & 1;
    const before = rows.length;
    if (isRun === 1) readRuns(input, base, rows);
    else if (cardinality > mostInArray) readBits(input.bytes(bitmapBytes), base, rows);
    else for (let n = 0; n < cardinality; n++) rows.push(base + input.uint16());
    if (rows.length - before !== cardinality)
      throw new RangeError('a container in it has another size than it says');
  }
}

function readRuns(input: Input, base: number, rows: number[]): void {
  const runs = input.uint16();
  for (let run = 0; run < runs; run++) {
    const start = base + input.uint16();
    const more = input.uint16();
    for (let n = 0; n <= more; n++) rows.push(start + n);
  }
}

function readBits(bits: Uint8Array, base: number, rows: number[]): void {
  for (const [index, byte] of bits.entries()) {
    if (byte === 0) continue;
    for (let bit = 0; bit < 8; bit++) if ((byte >>> bit) & 1) rows.push(base + index * 8 + bit);
  }
}

class Input {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  uint16(): number {
    return this.#view.getUint16(this.#skip(2), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#skip(4), true);
  }

  uint64(): number {
    return Number(this.#view.getBigUint64(this.#skip(8), true));
  }

  bytes(length: number): Uint8Array {
    const start = this.#skip(length);
    return this.#bytes.subarray(start, start + length);
  }

  #skip(length: number): number {
    const start = this.#at;
    if (start + length > this.#bytes.length) throw new RangeError('it is cut short');
    this.#at = start + length;
    return start;
  }
}
