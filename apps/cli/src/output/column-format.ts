import type { DataType } from '@tributary/contract';
import type { Data } from 'apache-arrow';
import type { CellText, ColumnFormat } from './cell-format.js';
import { arrayJson, listJson, mapJson, structJson } from './format-nested.js';
import { formatBlob, formatDecimal, formatDouble, formatFloat, formatUuid, utf8At } from './format-scalar.js';
import {
  formatDate,
  formatInterval,
  formatTime,
  formatTimestamp,
  formatTimestampNanos,
  isInfinite,
} from './format-time.js';

/** How to write a column of this type as the engine lays it out in Arrow. */
export function columnFormat(type: DataType): ColumnFormat {
  switch (type.id) {
    case 'null':
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'utinyint':
    case 'usmallint':
    case 'uinteger':
    case 'ubigint':
      return numbers((data, row) => String(data.values[row]));
    case 'hugeint':
      return numbers((data, row) => formatDecimal(data.values, row, 0));
    case 'decimal':
      return numbers((data, row) => formatDecimal(data.values, row, type.scale));
    case 'float':
      return floats((data, row) => formatFloat(data.values[row]));
    case 'double':
      return floats((data, row) => formatDouble(data.values[row]));
    case 'uhugeint':
      return numbers(utf8At);
    case 'boolean':
      return plain(booleanAt);
    case 'varchar':
    case 'enum':
    case 'bit':
    case 'timetz':
      return quoted(utf8At);
    case 'json':
      // Line breaks in JSON stand only between tokens, and NDJSON has no room for them.
      return { ...plain(utf8At), json: (data, row) => utf8At(data, row).replaceAll(/[\r\n]+/g, ' ') };
    case 'blob':
      return quoted(formatBlob);
    case 'uuid':
      return quoted((data, row) => formatUuid(data.values, row));
    case 'date':
      return quoted((data, row) => formatDate(data.values[row]));
    case 'time':
      return quoted((data, row) => formatTime(data.values[row]));
    case 'timestamp_s':
      return quoted((data, row) => formatTimestamp(scaled(data.values[row], 1_000_000n)));
    case 'timestamp_ms':
      return quoted((data, row) => formatTimestamp(scaled(data.values[row], 1000n)));
    case 'timestamp':
      return quoted((data, row) => formatTimestamp(data.values[row]));
    case 'timestamp_ns':
      return quoted((data, row) => formatTimestampNanos(data.values[row]));
    case 'timestamptz':
      return quoted((data, row) => withZone(formatTimestamp(data.values[row])));
    case 'interval':
      return quoted(intervalAt);
    case 'list':
      return plain(listJson(columnFormat(type.element)));
    case 'array':
      return plain(arrayJson(columnFormat(type.element), type.size));
    case 'struct':
      return plain(
        structJson(type.fields.map((field) => ({ name: field.name, ...columnFormat(field.type) }))),
      );
    case 'map':
      return plain(mapJson(columnFormat(type.key), columnFormat(type.value)));
  }
}

function numbers(text: CellText): ColumnFormat {
  return { text, json: text, numeric: true };
}

/** JSON has no NaN and no Infinity: they are strings there. */
function floats(text: CellText): ColumnFormat {
  const json: CellText = (data, row) => {
    const value = text(data, row);
    return Number.isFinite(data.values[row]) ? value : `"${value}"`;
  };
  return { text, json, numeric: true };
}

function plain(text: CellText): ColumnFormat {
  return { text, json: text, numeric: false };
}

function quoted(text: CellText): ColumnFormat {
  return { text, json: (data, row) => JSON.stringify(text(data, row)), numeric: false };
}

function booleanAt(data: Data, row: number): string {
  const bit = data.offset + row;
  return ((data.values[bit >> 3] >> (bit & 7)) & 1) === 1 ? 'true' : 'false';
}

function intervalAt(data: Data, row: number): string {
  const words: Int32Array = data.values;
  const [months = 0, days = 0, low = 0, high = 0] = words.subarray(row * 4, row * 4 + 4);
  return formatInterval(months, days, ((BigInt(high) << 32n) | BigInt(low >>> 0)) / 1000n);
}

function scaled(value: bigint, micros: bigint): bigint {
  return isInfinite(value) ? value : value * micros;
}

function withZone(text: string): string {
  return text.endsWith('infinity') ? text : `${text}+00`;
}
