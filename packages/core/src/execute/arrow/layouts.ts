import { type DataType, TributaryError } from '@tributary/contract';
import type { Convert, FixedWidthLayout } from './fixed-width-builder.js';

/** The layout of a fixed-width type, or undefined for every other type. */
export function layoutOf(type: DataType): FixedWidthLayout | undefined {
  switch (type.id) {
    case 'tinyint':
    case 'utinyint':
      return same(1);
    case 'smallint':
    case 'usmallint':
      return same(2);
    case 'null':
    case 'integer':
    case 'uinteger':
    case 'float':
    case 'date':
      return same(4);
    case 'bigint':
    case 'ubigint':
    case 'double':
    case 'time':
    case 'timestamp':
    case 'timestamp_s':
    case 'timestamp_ms':
    case 'timestamp_ns':
    case 'timestamptz':
      return same(8);
    case 'hugeint':
      return same(16);
    case 'decimal':
      return decimalLayout(type.precision);
    case 'uuid':
      return { sourceWidth: 16, targetWidth: 16, convert: convertUuids };
    case 'interval':
      return { sourceWidth: 16, targetWidth: 16, convert: convertIntervals };
    case 'boolean':
    case 'uhugeint':
    case 'varchar':
    case 'json':
    case 'blob':
    case 'bit':
    case 'timetz':
    case 'enum':
    case 'list':
    case 'array':
    case 'struct':
    case 'map':
      return undefined;
  }
}

function same(width: number): FixedWidthLayout {
  return { sourceWidth: width, targetWidth: width };
}

/** DuckDB stores decimals in the narrowest of four integers; Arrow's Decimal128 is always 16 bytes. */
function decimalLayout(precision: number): FixedWidthLayout {
  if (precision <= 4)
    return { sourceWidth: 2, targetWidth: 16, convert: widen((view, at) => view.getInt16(at, true), 2) };
  if (precision <= 9)
    return { sourceWidth: 4, targetWidth: 16, convert: widen((view, at) => view.getInt32(at, true), 4) };
  if (precision <= 18) return { sourceWidth: 8, targetWidth: 16, convert: widenInt64 };
  return same(16);
}

function widen(read: (view: DataView, at: number) => number, width: number): Convert {
  return (source, target, targetStart) => {
    const view = viewOf(source);
    const words = new Int32Array(target.buffer, target.byteOffset + targetStart, (source.length / width) * 4);
    for (let at = 0, word = 0; at < source.length; at += width, word += 4) {
      const value = read(view, at);
      words[word] = value;
      words.fill(value >> 31, word + 1, word + 4);
    }
  };
}

function widenInt64(source: Uint8Array, target: Uint8Array, targetStart: number): void {
  const view = viewOf(source);
  const words = new Int32Array(target.buffer, target.byteOffset + targetStart, source.length / 2);
  for (let at = 0, word = 0; at < source.length; at += 8, word += 4) {
    const high = view.getInt32(at + 4, true);
    words[word] = view.getInt32(at, true);
    words[word + 1] = high;
    words[word + 2] = high >> 31;
    words[word + 3] = high >> 31;
  }
}

/** DuckDB keeps a uuid as a little-endian integer with the top bit flipped (so that it sorts as signed). */
function convertUuids(source: Uint8Array, target: Uint8Array, targetStart: number): void {
  for (let at = 0; at < source.length; at += 16) {
    for (let i = 0; i < 16; i++) target[targetStart + at + i] = source[at + 15 - i] ?? 0;
    target[targetStart + at] = (target[targetStart + at] ?? 0) ^ 0x80;
  }
}

/** Months and days are the same; DuckDB's microseconds become Arrow's nanoseconds, which reach 292 years. */
function convertIntervals(source: Uint8Array, target: Uint8Array, targetStart: number): void {
  const from = viewOf(source);
  const to = viewOf(target);
  for (let at = 0; at < source.length; at += 16) {
    const nanoseconds = from.getBigInt64(at + 8, true) * 1000n;
    if (BigInt.asIntN(64, nanoseconds) !== nanoseconds) {
      throw new TributaryError('SQL.EXECUTION', {
        message: 'An interval of more than 292 years in hours, minutes and seconds does not fit the result.',
        fix: 'Cast the interval to text, or express it in days or months.',
      });
    }
    to.setInt32(targetStart + at, from.getInt32(at, true), true);
    to.setInt32(targetStart + at + 4, from.getInt32(at + 4, true), true);
    to.setBigInt64(targetStart + at + 8, nanoseconds, true);
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
