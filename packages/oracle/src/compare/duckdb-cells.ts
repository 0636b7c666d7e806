import {
  DuckDBArrayType,
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBIntervalValue,
  DuckDBListType,
  DuckDBListValue,
  DuckDBMapType,
  DuckDBMapValue,
  DuckDBStructType,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  DuckDBTypeId,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
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
} from './cell.js';

/** A value as @duckdb/node-api returns it, in comparable form. */
export function duckDBCell(value: DuckDBValue, type: DuckDBType): Cell {
  if (value === null) return nullCell;
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return textCell(value);
  if (typeof value === 'bigint') return decimalCell(value, 0);
  // Integers of up to 32 bits and floats are both JavaScript numbers; only the type tells them apart.
  if (typeof value === 'number') return isFloat(type) ? value : decimalCell(BigInt(value), 0);
  if (value instanceof DuckDBDecimalValue) return decimalCell(value.value, value.scale);
  if (value instanceof DuckDBDateValue) return dateCell(value.days);
  if (value instanceof DuckDBTimeValue) return timeCell(value.micros * 1000n);
  if (value instanceof DuckDBBlobValue) return blobCell(value.bytes);
  if (value instanceof DuckDBIntervalValue) {
    return intervalCell(value.months, value.days, value.micros * 1000n);
  }
  return timestamp(value) ?? nested(value, type) ?? textCell(value.toString());
}

function isFloat(type: DuckDBType): boolean {
  return type.typeId === DuckDBTypeId.FLOAT || type.typeId === DuckDBTypeId.DOUBLE;
}

function timestamp(value: DuckDBValue): Cell | undefined {
  if (value instanceof DuckDBTimestampTZValue) return timestampCell('timestamptz', value.micros * 1000n);
  if (value instanceof DuckDBTimestampValue) return timestampCell('timestamp', value.micros * 1000n);
  if (value instanceof DuckDBTimestampSecondsValue) {
    return timestampCell('timestamp', value.seconds * 1_000_000_000n);
  }
  if (value instanceof DuckDBTimestampMillisecondsValue) {
    return timestampCell('timestamp', value.millis * 1_000_000n);
  }
  if (value instanceof DuckDBTimestampNanosecondsValue) return timestampCell('timestamp', value.nanos);
  return undefined;
}

function nested(value: DuckDBValue, type: DuckDBType): Cell | undefined {
  if (value instanceof DuckDBListValue && type instanceof DuckDBListType) {
    return listCell(value.items.map((item) => duckDBCell(item, type.valueType)));
  }
  if (value instanceof DuckDBArrayValue && type instanceof DuckDBArrayType) {
    return listCell(value.items.map((item) => duckDBCell(item, type.valueType)));
  }
  if (value instanceof DuckDBStructValue && type instanceof DuckDBStructType) {
    return structCell(
      type.entryNames.map((name, index) => [
        name,
        duckDBCell(value.entries[name] ?? null, type.entryTypes[index] ?? type),
      ]),
    );
  }
  if (value instanceof DuckDBMapValue && type instanceof DuckDBMapType) {
    return structCell(
      value.entries.map((entry) => [
        String(duckDBCell(entry.key, type.keyType)),
        duckDBCell(entry.value, type.valueType),
      ]),
    );
  }
  return undefined;
}
