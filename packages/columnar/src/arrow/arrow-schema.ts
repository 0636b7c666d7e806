import {
  Binary,
  Bool,
  type DataType,
  DateDay,
  Decimal,
  Field,
  FixedSizeBinary,
  Float32,
  Float64,
  Int16,
  Int32,
  Int64,
  Int8,
  IntervalMonthDayNano,
  List,
  Schema,
  TimeMicrosecond,
  TimestampMicrosecond,
  Uint16,
  Uint32,
  Uint64,
  Uint8,
  Utf8,
} from 'apache-arrow';
import type { Column, ColumnType, ScalarType } from '../column-type.js';

/** Canonical extension types (Arrow columnar format, "Canonical Extension Types"), by our type. */
const extensions: Readonly<Partial<Record<ColumnType['id'], string>>> = {
  uuid: 'arrow.uuid',
  json: 'arrow.json',
};
export const extensionKey = 'ARROW:extension:name';

/** The schema of record batches of these columns. Every column is nullable. */
export function arrowSchema(columns: readonly Column[]): Schema {
  return new Schema(columns.map(arrowField));
}

export function arrowField({ name, type }: Column): Field {
  const element = type.id === 'list' ? type.element : type;
  const dataType = scalarType(element);
  const metadata = extensionMetadata(element);
  if (type.id !== 'list') return new Field(name, dataType, true, metadata);
  return new Field(name, new List(new Field('item', dataType, true, metadata)), true);
}

function extensionMetadata(type: ScalarType): Map<string, string> | null {
  const extension = extensions[type.id];
  return extension === undefined ? null : new Map([[extensionKey, extension]]);
}

function scalarType(type: ScalarType): DataType {
  switch (type.id) {
    case 'boolean':
      return new Bool();
    case 'tinyint':
      return new Int8();
    case 'smallint':
      return new Int16();
    case 'integer':
      return new Int32();
    case 'bigint':
      return new Int64();
    case 'utinyint':
      return new Uint8();
    case 'usmallint':
      return new Uint16();
    case 'uinteger':
      return new Uint32();
    case 'ubigint':
      return new Uint64();
    case 'float':
      return new Float32();
    case 'double':
      return new Float64();
    case 'hugeint':
      return new Decimal(0, 38, 128);
    case 'decimal':
      return new Decimal(type.scale, type.precision, 128);
    case 'varchar':
    case 'json':
      return new Utf8();
    case 'blob':
      return new Binary();
    case 'uuid':
      return new FixedSizeBinary(16);
    case 'date':
      return new DateDay();
    case 'time':
      return new TimeMicrosecond();
    case 'timestamp':
      return new TimestampMicrosecond();
    case 'timestamptz':
      return new TimestampMicrosecond('UTC');
    case 'interval':
      return new IntervalMonthDayNano();
  }
}
