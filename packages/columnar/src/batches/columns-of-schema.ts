import { TributaryError } from '@tributary/contract';
import { DataType, type Field, type Schema } from 'apache-arrow';
import { extensionKey } from '../arrow/arrow-schema.js';
import type { Column, ColumnType, ScalarType } from '../column-type.js';

/**
 * The columns that record batches of this schema are written as: the inverse of `arrowSchema`, and further the narrower and
 * wider forms of the same types (other units of time, large strings, dictionaries, half floats). Structs, maps, unions,
 * lists of lists, durations and views raise SOURCE.UNREPRESENTABLE_VALUE.
 */
export function columnsOfSchema(schema: Schema): readonly Column[] {
  return schema.fields.map((field) => ({ name: field.name, type: columnType(field) }));
}

function columnType(field: Field): ColumnType {
  const { type } = field;
  if (DataType.isList(type)) {
    const [element] = type.children;
    if (element) return { id: 'list', element: scalarType(element, element.type) };
  }
  return scalarType(field, type);
}

function scalarType(field: Field, type: DataType): ScalarType {
  const extension = field.metadata.get(extensionKey);
  if (DataType.isDictionary(type)) return scalarType(field, type.dictionary);
  if (DataType.isBool(type)) return { id: 'boolean' };
  if (DataType.isInt(type)) return { id: intId(type.bitWidth, type.isSigned) };
  if (DataType.isFloat(type)) return { id: type.precision === 2 ? 'double' : 'float' };
  if (DataType.isDecimal(type) && type.bitWidth === 128 && type.precision <= 38) {
    return { id: 'decimal', precision: type.precision, scale: type.scale };
  }
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type) || DataType.isNull(type)) {
    return { id: extension === 'arrow.json' ? 'json' : 'varchar' };
  }
  if (DataType.isBinary(type) || DataType.isLargeBinary(type)) return { id: 'blob' };
  if (DataType.isFixedSizeBinary(type)) {
    return { id: extension === 'arrow.uuid' && type.byteWidth === 16 ? 'uuid' : 'blob' };
  }
  if (DataType.isDate(type)) return { id: 'date' };
  if (DataType.isTime(type)) return { id: 'time' };
  if (DataType.isTimestamp(type)) return { id: type.timezone ? 'timestamptz' : 'timestamp' };
  if (DataType.isInterval(type) && type.unit === 2) return { id: 'interval' };
  throw new TributaryError('SOURCE.UNREPRESENTABLE_VALUE', {
    message: `Column ${field.name}: record batches of type ${String(type)} cannot be staged.`,
    fix: 'Let the connector deliver the column as text or JSON.',
  });
}

type IntegerId = Extract<ScalarType['id'], `${string}int` | `${string}integer`>;

function intId(bits: number, isSigned: boolean): Exclude<IntegerId, 'hugeint'> {
  if (bits === 8) return isSigned ? 'tinyint' : 'utinyint';
  if (bits === 16) return isSigned ? 'smallint' : 'usmallint';
  if (bits === 32) return isSigned ? 'integer' : 'uinteger';
  return isSigned ? 'bigint' : 'ubigint';
}
