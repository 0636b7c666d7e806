import type { DataType } from '@tributary/contract';
import type { Data } from 'apache-arrow';
import { dateText, intervalText, timeText, timestampText } from './calendar.js';
import { decimalText, int128At, uuidText } from './wide-values.js';

/** Reads one value by its index; null for NULL. */
export type ValueReader = (index: number) => unknown;

/** A byte order mark at the start of a value is part of it. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** How to read values of `type` from Arrow data in the layout that `arrowTypeOf` gives it. */
export function readerOf(type: DataType, data: Data): ValueReader {
  const read = plainReader(type, data);
  return data.nullCount === 0 ? read : (index) => (data.getValid(index) ? read(index) : null);
}

function plainReader(type: DataType, data: Data): ValueReader {
  const { values } = data;
  switch (type.id) {
    case 'null':
      return () => null;
    case 'boolean':
      return (i) => ((values[(data.offset + i) >> 3] >> ((data.offset + i) & 7)) & 1) === 1;
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'utinyint':
    case 'usmallint':
    case 'uinteger':
    case 'ubigint':
    case 'float':
    case 'double':
      return (i) => values[i];
    case 'hugeint':
      return (i) => int128At(values, i);
    case 'decimal':
      return (i) => decimalText(int128At(values, i), type.scale);
    case 'uhugeint':
      return (i) => BigInt(textAt(data, i));
    case 'varchar':
    case 'json':
    case 'enum':
    case 'bit':
    case 'timetz':
      return (i) => textAt(data, i);
    case 'blob':
      return (i) => bytesAt(data, i).slice();
    case 'uuid':
      return (i) => uuidText(values, i * 16);
    case 'date':
      return (i) => dateText(values[i]);
    case 'time':
      return (i) => timeText(values[i], 'us');
    case 'timestamp':
      return (i) => timestampText(values[i], 'us');
    case 'timestamptz':
      return (i) => zoned(timestampText(values[i], 'us'));
    case 'timestamp_s':
      return (i) => timestampText(values[i], 's');
    case 'timestamp_ms':
      return (i) => timestampText(values[i], 'ms');
    case 'timestamp_ns':
      return (i) => timestampText(values[i], 'ns');
    case 'interval':
      return (i) => intervalAt(values, i);
    case 'list':
      return listReader(type.element, data);
    case 'array':
      return arrayReader(type.element, type.size, data);
    case 'struct':
      return structReader(type.fields, data);
    case 'map':
      return mapReader(type, data);
  }
}

/** An infinite timestamp has no zone. */
function zoned(text: string): string {
  return text.endsWith('infinity') ? text : `${text}Z`;
}

function bytesAt(data: Data, index: number): Uint8Array {
  return data.values.subarray(data.valueOffsets[index], data.valueOffsets[index + 1]);
}

function textAt(data: Data, index: number): string {
  return decoder.decode(bytesAt(data, index));
}

/** Two 32-bit counts and a 64-bit one, read as 32-bit words. */
function intervalAt(words: Int32Array, index: number): string {
  const at = index * 4;
  const nanoseconds = (BigInt(words[at + 3] ?? 0) << 32n) | BigInt((words[at + 2] ?? 0) >>> 0);
  return intervalText(words[at] ?? 0, words[at + 1] ?? 0, nanoseconds);
}

function listReader(element: DataType, data: Data): ValueReader {
  const read = childReader(element, data, 0);
  return (i) => range(data.valueOffsets[i], data.valueOffsets[i + 1]).map(read);
}

function arrayReader(element: DataType, size: number, data: Data): ValueReader {
  const read = childReader(element, data, 0);
  return (i) => range(i * size, (i + 1) * size).map(read);
}

function structReader(
  fields: readonly { readonly name: string; readonly type: DataType }[],
  data: Data,
): ValueReader {
  const readers = fields.map((field, index) => [field.name, childReader(field.type, data, index)] as const);
  return (i) => Object.fromEntries(readers.map(([name, read]) => [name, read(i)]));
}

function mapReader(type: { readonly key: DataType; readonly value: DataType }, data: Data): ValueReader {
  const [entries] = data.children;
  if (entries === undefined) return () => [];
  const key = childReader(type.key, entries, 0);
  const value = childReader(type.value, entries, 1);
  return (i) =>
    range(data.valueOffsets[i], data.valueOffsets[i + 1]).map((at) => ({ key: key(at), value: value(at) }));
}

function childReader(type: DataType, data: Data, index: number): ValueReader {
  const child = data.children[index];
  return child === undefined ? () => null : readerOf(type, child);
}

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, i) => start + i);
}
