import type { DataType } from '@tributary/contract';
import type { Data } from 'apache-arrow';
import { columnFormat } from './column-format.js';
import { bytesAt, decimalAt } from './format-scalar.js';
import { isInfinite } from './format-time.js';

/** A value as hyparquet-writer takes it for the elements of `parquetElements`; the row must not be NULL. */
export type ParquetValue = (data: Data, row: number) => unknown;

export function parquetValue(type: DataType): ParquetValue {
  switch (type.id) {
    case 'list':
      return listValue(parquetValue(type.element));
    case 'array':
      return arrayValue(parquetValue(type.element), type.size);
    case 'struct':
      return structValue(type.fields.map((field) => ({ name: field.name, value: parquetValue(field.type) })));
    case 'map':
      return listValue(
        structValue([
          { name: 'key', value: parquetValue(type.key) },
          { name: 'value', value: parquetValue(type.value) },
        ]),
      );
    case 'boolean': {
      const { text } = columnFormat(type);
      return (data, row) => text(data, row) === 'true';
    }
    case 'decimal':
    case 'hugeint':
      return (data, row) => decimalAt(data.values, row);
    case 'blob':
      return bytesAt;
    case 'uuid':
      return (data, row) => data.values.subarray(row * 16, row * 16 + 16);
    case 'timestamp_s':
      return (data, row) => (isInfinite(data.values[row]) ? data.values[row] : data.values[row] * 1_000_000n);
    case 'varchar':
    case 'json':
    case 'enum':
    case 'bit':
    case 'timetz':
    case 'uhugeint':
    case 'interval':
      return columnFormat(type).text;
    case 'null':
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
    case 'date':
    case 'time':
    case 'timestamp':
    case 'timestamp_ms':
    case 'timestamp_ns':
    case 'timestamptz':
      return (data, row) => data.values[row];
  }
}

/** The value, or null. */
export function valueOrNull(value: ParquetValue, data: Data, row: number): unknown {
  return data.getValid(row) ? value(data, row) : null;
}

function listValue(element: ParquetValue): ParquetValue {
  return (data, row) => {
    const offsets: Int32Array = data.valueOffsets;
    return items(element, data.children[0], offsets[row] ?? 0, offsets[row + 1] ?? 0);
  };
}

function arrayValue(element: ParquetValue, size: number): ParquetValue {
  return (data, row) => items(element, data.children[0], row * size, (row + 1) * size);
}

function structValue(
  fields: readonly { readonly name: string; readonly value: ParquetValue }[],
): ParquetValue {
  return (data, row) =>
    Object.fromEntries(
      fields.map(({ name, value }, index) => {
        const child = data.children[index];
        return [name, child === undefined ? null : valueOrNull(value, child, row)];
      }),
    );
}

function items(element: ParquetValue, child: Data | undefined, start: number, end: number): unknown[] {
  if (child === undefined) return [];
  return Array.from({ length: end - start }, (_, index) => valueOrNull(element, child, start + index));
}
