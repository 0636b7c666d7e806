import type { DataType } from '@tributary/contract';
import {
  type DataType as ArrowType,
  Binary,
  Bool,
  DateDay,
  Decimal,
  Field,
  FixedSizeBinary,
  FixedSizeList,
  Float32,
  Float64,
  Int16,
  Int32,
  Int64,
  Int8,
  IntervalMonthDayNano,
  List,
  Map_,
  Schema,
  Struct,
  TimeMicrosecond,
  TimestampMicrosecond,
  TimestampMillisecond,
  TimestampNanosecond,
  TimestampSecond,
  Uint16,
  Uint32,
  Uint64,
  Uint8,
  Utf8,
} from 'apache-arrow';
import type { OutputColumn } from '../../plan/federated-plan.js';

/**
 * The schema of an answer. The same types whether DuckDB made it or a source streamed it: the mapping is that of
 * `@tributary/columnar`, extended to nested types. What Arrow has no type for (enum, bit, timetz, uhugeint) is Utf8.
 */
export function arrowSchemaOf(columns: readonly OutputColumn[]): Schema {
  return new Schema(columns.map((column) => arrowField(column.name, column.type)));
}

export function arrowField(name: string, type: DataType): Field {
  const extension = extensionOf(type);
  const metadata = extension === undefined ? undefined : new Map([['ARROW:extension:name', extension]]);
  return new Field(name, arrowTypeOf(type), true, metadata);
}

/** Canonical extension types: https://arrow.apache.org/docs/format/CanonicalExtensions.html */
function extensionOf(type: DataType): string | undefined {
  if (type.id === 'uuid') return 'arrow.uuid';
  return type.id === 'json' ? 'arrow.json' : undefined;
}

/**
 * The type in which DuckDB must deliver a column so that it has an Arrow type: the column's own but for the few that are
 * delivered as text. A bare NULL is an INTEGER, as in DuckDB.
 */
export function deliveredType(type: DataType): DataType {
  switch (type.id) {
    case 'null':
      return { id: 'integer' };
    case 'enum':
    case 'bit':
    case 'timetz':
    case 'uhugeint':
      return { id: 'varchar' };
    case 'list':
      return { id: 'list', element: deliveredType(type.element) };
    case 'array':
      return { id: 'array', element: deliveredType(type.element), size: type.size };
    case 'struct':
      return {
        id: 'struct',
        fields: type.fields.map((f) => ({ name: f.name, type: deliveredType(f.type) })),
      };
    case 'map':
      return { id: 'map', key: deliveredType(type.key), value: deliveredType(type.value) };
    case 'boolean':
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'hugeint':
    case 'utinyint':
    case 'usmallint':
    case 'uinteger':
    case 'ubigint':
    case 'float':
    case 'double':
    case 'decimal':
    case 'varchar':
    case 'json':
    case 'blob':
    case 'uuid':
    case 'date':
    case 'time':
    case 'timestamp':
    case 'timestamp_s':
    case 'timestamp_ms':
    case 'timestamp_ns':
    case 'timestamptz':
    case 'interval':
      return type;
  }
}

export function arrowTypeOf(type: DataType): ArrowType {
  switch (type.id) {
    case 'boolean':
      return new Bool();
    case 'tinyint':
      return new Int8();
    case 'smallint':
      return new Int16();
    case 'null':
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
    case 'enum':
    case 'bit':
    case 'timetz':
    case 'uhugeint':
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
    case 'timestamp_s':
      return new TimestampSecond();
    case 'timestamp_ms':
      return new TimestampMillisecond();
    case 'timestamp_ns':
      return new TimestampNanosecond();
    case 'interval':
      return new IntervalMonthDayNano();
    case 'list':
      return new List(arrowField('item', type.element));
    case 'array':
      return new FixedSizeList(type.size, arrowField('item', type.element));
    case 'struct':
      return new Struct(type.fields.map((field) => arrowField(field.name, field.type)));
    case 'map':
      return mapType(arrowField('key', type.key), arrowField('value', type.value));
  }
}

/** Arrow wants a map's keys to be declared without NULLs. */
function mapType(key: Field, value: Field): Map_ {
  const entries = new Struct<{ key: ArrowType; value: ArrowType }>([
    new Field('key', key.type, false, key.metadata),
    value,
  ]);
  return new Map_(new Field('entries', entries, false));
}
