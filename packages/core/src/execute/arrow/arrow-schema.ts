import { arrowField as scalarField, isColumnType } from '@tributary/columnar';
import { type DataType, TributaryError, typeName } from '@tributary/contract';
import {
  type DataType as ArrowType,
  Field,
  FixedSizeList,
  Int32,
  List,
  Map_,
  Schema,
  Struct,
  TimestampMillisecond,
  TimestampNanosecond,
  TimestampSecond,
  Utf8,
} from 'apache-arrow';
import type { OutputColumn } from '../../plan/federated-plan.js';

/**
 * The schema of an answer: the same types whether DuckDB made it or a source streamed it. The mapping is that of
 * `@tributary/columnar`, extended to nested types. What Arrow has no type for (enum, bit, timetz, uhugeint) is Utf8.
 */
export function arrowSchemaOf(columns: readonly OutputColumn[]): Schema {
  return new Schema(columns.map((column) => arrowField(column.name, column.type)));
}

export function arrowField(name: string, type: DataType): Field {
  return isColumnType(type) ? scalarField({ name, type }) : new Field(name, arrowTypeOf(type), true);
}

export function arrowTypeOf(type: DataType): ArrowType {
  if (isColumnType(type)) return scalarField({ name: '', type }).type;
  switch (type.id) {
    case 'null':
      return new Int32();
    case 'enum':
    case 'bit':
    case 'timetz':
    case 'uhugeint':
      return new Utf8();
    case 'timestamp_s':
      return new TimestampSecond();
    case 'timestamp_ms':
      return new TimestampMillisecond();
    case 'timestamp_ns':
      return new TimestampNanosecond();
    case 'list':
      return new List(arrowField('item', type.element));
    case 'array':
      return new FixedSizeList(type.size, arrowField('item', type.element));
    case 'struct':
      return new Struct(type.fields.map((field) => arrowField(field.name, field.type)));
    case 'map':
      return mapType(arrowField('key', type.key), arrowField('value', type.value));
    default:
      throw new TributaryError('ENGINE.INTERNAL', {
        message: `The type ${typeName(type)} has no Arrow counterpart.`,
      });
  }
}

/**
 * The type in which DuckDB must deliver a column so that it has an Arrow type: the column's own but for the few that are
 * delivered as text. A bare NULL is an INTEGER, as in DuckDB.
 */
export function deliveredType(type: DataType): DataType {
  switch (type.id) {
    case 'null':
      return { id: 'integer' };
    case 'json':
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

/** Arrow wants a map's keys to be declared without NULLs. */
function mapType(key: Field, value: Field): Map_ {
  const entries = new Struct<{ key: ArrowType; value: ArrowType }>([
    new Field('key', key.type, false, key.metadata),
    value,
  ]);
  return new Map_(new Field('entries', entries, false));
}
