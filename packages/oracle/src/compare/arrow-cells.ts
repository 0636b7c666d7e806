import { DataType, TimeUnit, type Data, type RecordBatch } from 'apache-arrow';
import {
  blobCell,
  dateCell,
  decimalCell,
  intervalCell,
  listCell,
  nullCell,
  structCell,
  textCell,
  timeCell,
  timestampCell,
  type Cell,
  type Row,
} from './cell.js';

/**
 * The rows of Arrow record batches, in comparable form.
 *
 * Reads the buffers itself where Arrow's own getters would go through a double and lose microseconds.
 */
export function arrowRows(batches: Iterable<RecordBatch>): readonly Row[] {
  const rows: Row[] = [];
  for (const batch of batches) {
    for (let index = 0; index < batch.numRows; index++) {
      rows.push(batch.data.children.map((column) => arrowCell(column, index)));
    }
  }
  return rows;
}

function arrowCell(data: Data, index: number): Cell {
  const { type } = data;
  if (DataType.isNull(type) || !data.getValid(index)) return nullCell;
  const raw = data.values;
  if (DataType.isBool(type))
    return String(((raw[(data.offset + index) >> 3] >> ((data.offset + index) & 7)) & 1) === 1);
  if (DataType.isFloat(type)) return Number(raw[index]);
  if (DataType.isInt(type)) return decimalCell(BigInt(raw[index]), 0);
  if (DataType.isDecimal(type)) return decimalCell(wideInteger(raw, index, type.bitWidth), type.scale);
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type))
    return textCell(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytesAt(data, index)));
  if (DataType.isBinary(type) || DataType.isLargeBinary(type)) return blobCell(bytesAt(data, index));
  if (DataType.isFixedSizeBinary(type)) {
    return blobCell(raw.subarray(index * type.byteWidth, (index + 1) * type.byteWidth));
  }
  if (DataType.isDate(type)) return dateCell(Number(raw[index]));
  if (DataType.isTime(type)) return timeCell(BigInt(raw[index]) * nanosecondsPer(type.unit));
  if (DataType.isTimestamp(type)) {
    const kind = type.timezone ? 'timestamptz' : 'timestamp';
    return timestampCell(kind, BigInt(raw[index]) * nanosecondsPer(type.unit));
  }
  if (DataType.isInterval(type)) {
    const [months, days, low, high] = raw.subarray(index * 4, index * 4 + 4);
    return intervalCell(months, days, (BigInt(high) << 32n) | BigInt(low >>> 0));
  }
  return nestedCell(data, index);
}

function nestedCell(data: Data, index: number): Cell {
  const { type } = data;
  if (DataType.isDictionary(type)) {
    const key = Number(data.values[index]);
    const chunk = data.dictionary?.data[0];
    return chunk === undefined ? nullCell : arrowCell(chunk, key);
  }
  if (DataType.isStruct(type)) {
    return structCell(
      type.children.map((field, child) => [field.name, arrowCell(childOf(data, child), data.offset + index)]),
    );
  }
  if (DataType.isFixedSizeList(type)) {
    return listCell(cellsBetween(childOf(data, 0), index * type.listSize, (index + 1) * type.listSize));
  }
  const from = Number(data.valueOffsets[index]);
  const to = Number(data.valueOffsets[index + 1]);
  if (DataType.isMap(type)) {
    const entries = childOf(data, 0);
    return structCell(
      Array.from({ length: to - from }, (_, entry) => [
        String(arrowCell(childOf(entries, 0), from + entry)),
        arrowCell(childOf(entries, 1), from + entry),
      ]),
    );
  }
  if (DataType.isList(type)) return listCell(cellsBetween(childOf(data, 0), from, to));
  throw new TypeError(`no comparable form for the Arrow type ${String(type)}`);
}

function cellsBetween(data: Data, from: number, to: number): readonly Cell[] {
  return Array.from({ length: to - from }, (_, index) => arrowCell(data, from + index));
}

function childOf(data: Data, index: number): Data {
  const child = data.children[index];
  if (child === undefined) throw new RangeError(`${String(data.type)} has no child ${index}`);
  return child;
}

function bytesAt(data: Data, index: number): Uint8Array {
  return data.values.subarray(Number(data.valueOffsets[index]), Number(data.valueOffsets[index + 1]));
}

/** Decimals are little-endian two's complement in 32-bit words. */
function wideInteger(words: Uint32Array, index: number, bitWidth: number): bigint {
  const stride = bitWidth / 32;
  let value = 0n;
  for (let word = stride - 1; word >= 0; word--)
    value = (value << 32n) | BigInt(words[index * stride + word] ?? 0);
  return BigInt.asIntN(bitWidth, value);
}

function nanosecondsPer(unit: TimeUnit): bigint {
  switch (unit) {
    case TimeUnit.SECOND:
      return 1_000_000_000n;
    case TimeUnit.MILLISECOND:
      return 1_000_000n;
    case TimeUnit.MICROSECOND:
      return 1000n;
    case TimeUnit.NANOSECOND:
      return 1n;
  }
}
