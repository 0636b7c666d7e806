import type { DataType } from '@tributary/contract';
import type { SchemaElement } from 'hyparquet';

type Elements = readonly SchemaElement[];
type Leaf = Omit<SchemaElement, 'name' | 'repetition_type'>;

const text: Leaf = { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } };

/**
 * A column as Parquet describes it (parquet-format/LogicalTypes.md), depth first. What Parquet has no exact type for
 * (intervals of microseconds, bit strings, enums, times with zone, unsigned 128-bit integers) is text.
 */
export function parquetElements(name: string, type: DataType): Elements {
  switch (type.id) {
    case 'list':
    case 'array':
      return [
        {
          name,
          repetition_type: 'OPTIONAL',
          num_children: 1,
          converted_type: 'LIST',
          logical_type: { type: 'LIST' },
        },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        ...parquetElements('element', type.element),
      ];
    case 'map':
      return [
        {
          name,
          repetition_type: 'OPTIONAL',
          num_children: 1,
          converted_type: 'MAP',
          logical_type: { type: 'MAP' },
        },
        { name: 'key_value', repetition_type: 'REPEATED', num_children: 2 },
        ...required(parquetElements('key', type.key)),
        ...parquetElements('value', type.value),
      ];
    case 'struct':
      return [
        { name, repetition_type: 'OPTIONAL', num_children: type.fields.length },
        ...type.fields.flatMap((field) => parquetElements(field.name, field.type)),
      ];
    default:
      return [{ name, repetition_type: 'OPTIONAL', ...leaf(type) }];
  }
}

function leaf(type: Exclude<DataType, { readonly id: 'list' | 'array' | 'map' | 'struct' }>): Leaf {
  switch (type.id) {
    case 'boolean':
      return { type: 'BOOLEAN' };
    case 'tinyint':
      return { type: 'INT32', converted_type: 'INT_8' };
    case 'smallint':
      return { type: 'INT32', converted_type: 'INT_16' };
    case 'null':
    case 'integer':
      return { type: 'INT32' };
    case 'bigint':
      return { type: 'INT64' };
    case 'utinyint':
      return { type: 'INT32', converted_type: 'UINT_8' };
    case 'usmallint':
      return { type: 'INT32', converted_type: 'UINT_16' };
    case 'uinteger':
      return { type: 'INT32', converted_type: 'UINT_32' };
    case 'ubigint':
      return { type: 'INT64', converted_type: 'UINT_64' };
    case 'float':
      return { type: 'FLOAT' };
    case 'double':
      return { type: 'DOUBLE' };
    case 'hugeint':
      return decimal(38, 0);
    case 'decimal':
      return decimal(type.precision, type.scale);
    case 'varchar':
    case 'json':
    case 'enum':
    case 'bit':
    case 'timetz':
    case 'uhugeint':
    case 'interval':
      return text;
    case 'blob':
      return { type: 'BYTE_ARRAY' };
    case 'uuid':
      return { type: 'FIXED_LEN_BYTE_ARRAY', type_length: 16, logical_type: { type: 'UUID' } };
    case 'date':
      return { type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } };
    case 'time':
      return { type: 'INT64', logical_type: { type: 'TIME', isAdjustedToUTC: false, unit: 'MICROS' } };
    case 'timestamp_s':
    case 'timestamp':
      return { type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MICROS' } };
    case 'timestamp_ms':
      return { type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MILLIS' } };
    case 'timestamp_ns':
      return { type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'NANOS' } };
    case 'timestamptz':
      return { type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' } };
  }
}

function decimal(precision: number, scale: number): Leaf {
  const annotation = {
    converted_type: 'DECIMAL',
    precision,
    scale,
    logical_type: { type: 'DECIMAL', precision, scale },
  } as const;
  return precision <= 18
    ? { type: 'INT64', ...annotation }
    : { type: 'FIXED_LEN_BYTE_ARRAY', type_length: 16, ...annotation };
}

/** A map's keys may not be NULL. */
function required(elements: Elements): Elements {
  return elements.map((element, index) =>
    index === 0 ? { ...element, repetition_type: 'REQUIRED' } : element,
  );
}
