import { TributaryError } from '@tributary/contract';
import { type Data, DataType } from 'apache-arrow';
import type { ScalarType } from '../column-type.js';
import { decimalWidth } from '../parquet/parquet-schema.js';
import type { GrowingBits, GrowingBytes } from './growing-buffers.js';

/** Where PLAIN values go: `bits` of a boolean, else one buffer per leaf. */
export interface Leaves {
  readonly bits: GrowingBits;
  readonly first: GrowingBytes;
  readonly second: GrowingBytes;
  readonly third: GrowingBytes;
}

/** Appends the values at `positions` (all of them there) of Arrow data, which is no dictionary, as PLAIN Parquet values. */
export function appendValues(data: Data, positions: Int32Array, type: ScalarType, leaves: Leaves): void {
  const source: DataType = data.type;
  switch (type.id) {
    case 'boolean':
      return appendBits(data, positions, leaves.bits);
    case 'tinyint':
    case 'smallint':
    case 'utinyint':
    case 'usmallint':
      return appendWidened(data.values as ArrayLike<number>, positions, leaves.first);
    case 'integer':
    case 'uinteger':
      return appendWords(data, positions, 1, leaves.first);
    case 'bigint':
    case 'ubigint':
    case 'double':
      return appendWords(data, positions, 2, leaves.first);
    case 'float':
      return DataType.isFloat(source) && source.precision === 0
        ? appendHalfFloats(data.values as Uint16Array, positions, leaves.first)
        : appendWords(data, positions, 1, leaves.first);
    case 'hugeint':
      return appendDecimals(data, positions, 38, leaves.first);
    case 'decimal':
      return appendDecimals(data, positions, type.precision, leaves.first);
    case 'varchar':
    case 'json':
      return appendStrings(data, positions, leaves.first);
    case 'blob':
      return DataType.isFixedSizeBinary(source)
        ? appendFixedBinary(data.values as Uint8Array, positions, source.byteWidth, leaves.first)
        : appendStrings(data, positions, leaves.first);
    case 'uuid':
      return appendWords(data, positions, 4, leaves.first);
    case 'date':
      return DataType.isDate(source) && source.unit === 1
        ? appendMillisecondDates(data.values as BigInt64Array, positions, leaves.first)
        : appendWords(data, positions, 1, leaves.first);
    case 'time':
    case 'timestamp':
    case 'timestamptz':
      return DataType.isTime(source) || DataType.isTimestamp(source)
        ? appendMicros(data, positions, source.unit, leaves.first)
        : appendWords(data, positions, 2, leaves.first);
    case 'interval':
      return appendIntervals(data.values as Int32Array, positions, leaves);
  }
}

/** The data as 32-bit words; Arrow buffers are aligned to eight bytes, views of them to the width of a value. */
function wordsOf(data: Data): Uint32Array {
  const { buffer, byteOffset, byteLength } = data.values as Uint8Array;
  return byteOffset % 4 === 0
    ? new Uint32Array(buffer, byteOffset, byteLength >>> 2)
    : new Uint32Array(buffer.slice(byteOffset, byteOffset + (byteLength & ~3)));
}

function extendWords(out: GrowingBytes, count: number): Uint32Array {
  const start = out.extend(count * 4);
  return new Uint32Array(out.bytes.buffer, start, count);
}

function appendWords(data: Data, positions: Int32Array, width: 1 | 2 | 4, out: GrowingBytes): void {
  const from = wordsOf(data);
  const to = extendWords(out, positions.length * width);
  for (let i = 0; i < positions.length; i++) {
    const source = (positions[i] ?? 0) * width;
    for (let word = 0; word < width; word++) to[i * width + word] = from[source + word] ?? 0;
  }
}

function appendBits(data: Data, positions: Int32Array, out: GrowingBits): void {
  const bits = data.values as Uint8Array;
  for (const position of positions) {
    const at = data.offset + position;
    out.push(((bits[at >>> 3] ?? 0) >>> (at & 7)) & 1);
  }
}

function appendWidened(values: ArrayLike<number>, positions: Int32Array, out: GrowingBytes): void {
  const to = extendWords(out, positions.length);
  for (let i = 0; i < positions.length; i++) to[i] = values[positions[i] ?? 0] ?? 0;
}

function appendHalfFloats(values: Uint16Array, positions: Int32Array, out: GrowingBytes): void {
  const start = out.extend(positions.length * 4);
  const to = new Float32Array(out.bytes.buffer, start, positions.length);
  for (let i = 0; i < positions.length; i++) to[i] = halfToSingle(values[positions[i] ?? 0] ?? 0);
}

/** IEEE 754 binary16. */
function halfToSingle(half: number): number {
  const sign = half >>> 15 === 0 ? 1 : -1;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** From 128 bits, little-endian. */
function appendDecimals(data: Data, positions: Int32Array, precision: number, out: GrowingBytes): void {
  const width = decimalWidth(precision);
  const from = wordsOf(data);
  if (width === 16) {
    const start = out.extend(positions.length * 16);
    const to = new DataView(out.bytes.buffer, start);
    for (let i = 0; i < positions.length; i++) {
      const source = (positions[i] ?? 0) * 4;
      for (let word = 0; word < 4; word++) to.setUint32(i * 16 + word * 4, from[source + 3 - word] ?? 0);
    }
    return;
  }
  const words = width / 4;
  const to = extendWords(out, positions.length * words);
  for (let i = 0; i < positions.length; i++) {
    const source = (positions[i] ?? 0) * 4;
    to[i * words] = from[source] ?? 0;
    if (words === 2) to[i * 2 + 1] = from[source + 1] ?? 0;
  }
}

function appendStrings(data: Data, positions: Int32Array, out: GrowingBytes): void {
  const offsets = data.valueOffsets as Int32Array | BigInt64Array;
  const values = data.values as Uint8Array;
  for (const position of positions) {
    const start = Number(offsets[position]);
    appendBytes(values, start, Number(offsets[position + 1]), out);
  }
}

function appendFixedBinary(
  values: Uint8Array,
  positions: Int32Array,
  width: number,
  out: GrowingBytes,
): void {
  for (const position of positions) appendBytes(values, position * width, (position + 1) * width, out);
}

/** A length of four bytes, little-endian, then the bytes. */
function appendBytes(values: Uint8Array, start: number, end: number, out: GrowingBytes): void {
  const length = end - start;
  let to = out.extend(length + 4);
  const { bytes } = out;
  bytes[to++] = length;
  bytes[to++] = length >>> 8;
  bytes[to++] = length >>> 16;
  bytes[to++] = length >>> 24;
  if (length > 32) {
    bytes.set(values.subarray(start, end), to);
  } else {
    for (let from = start; from < end; from++) bytes[to++] = values[from] ?? 0;
  }
}

const millisecondsPerDay = 86_400_000n;

function appendMillisecondDates(values: BigInt64Array, positions: Int32Array, out: GrowingBytes): void {
  const to = extendWords(out, positions.length);
  for (let i = 0; i < positions.length; i++) {
    const milliseconds = values[positions[i] ?? 0] ?? 0n;
    if (milliseconds % millisecondsPerDay !== 0n) throw inexact('a date with a time of day');
    to[i] = Number(milliseconds / millisecondsPerDay);
  }
}

/** `unit` is Arrow's TimeUnit: 0 seconds to 3 nanoseconds. */
function appendMicros(data: Data, positions: Int32Array, unit: number, out: GrowingBytes): void {
  if (unit === 2) return appendWords(data, positions, 2, out);
  const values = data.values as Int32Array | BigInt64Array;
  const start = out.extend(positions.length * 8);
  const to = new BigInt64Array(out.bytes.buffer, start, positions.length);
  for (let i = 0; i < positions.length; i++) {
    const value = BigInt(values[positions[i] ?? 0] ?? 0);
    if (unit === 3 && value % 1000n !== 0n) throw inexact('a time with nanoseconds');
    to[i] = unit === 3 ? value / 1000n : value * (unit === 0 ? 1_000_000n : 1000n);
  }
}

/** Months, days, nanoseconds (64 bits). */
function appendIntervals(values: Int32Array, positions: Int32Array, { first, second, third }: Leaves): void {
  const months = extendWords(first, positions.length);
  const days = extendWords(second, positions.length);
  const start = third.extend(positions.length * 8);
  const micros = new BigInt64Array(third.bytes.buffer, start, positions.length);
  const view = new DataView(values.buffer, values.byteOffset, values.byteLength);
  for (let i = 0; i < positions.length; i++) {
    const at = (positions[i] ?? 0) * 16;
    const nanos = view.getBigInt64(at + 8, true);
    if (nanos % 1000n !== 0n) throw inexact('an interval with nanoseconds');
    months[i] = view.getInt32(at, true);
    days[i] = view.getInt32(at + 4, true);
    micros[i] = nanos / 1000n;
  }
}

function inexact(what: string): TributaryError {
  return new TributaryError('SOURCE.UNREPRESENTABLE_VALUE', {
    message: `A record batch has ${what}, which its column cannot hold.`,
  });
}
