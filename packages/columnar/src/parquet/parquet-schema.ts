import type { ParquetType, SchemaElement } from 'hyparquet';
import type { Column, ScalarType } from '../column-type.js';

/** One stored column: a path in the schema, and its physical type. */
export interface Leaf {
  readonly path: readonly string[];
  readonly type: ParquetType;
}

/** How a column stands in the file. Its name there is its position, so that any name, even one used twice, will do. */
export interface ParquetColumn {
  readonly physicalName: string;
  readonly elements: readonly SchemaElement[];
  readonly leaves: readonly Leaf[];
}

export function parquetColumn(column: Column, index: number): ParquetColumn {
  const physicalName = `c${index}`;
  const { type } = column;
  if (type.id !== 'list') {
    const elements = scalarElements(physicalName, type);
    return { physicalName, elements, leaves: leavesOf([], elements) };
  }
  const element = scalarElements('element', type.element);
  const list: readonly SchemaElement[] = [
    {
      name: physicalName,
      repetition_type: 'OPTIONAL',
      num_children: 1,
      converted_type: 'LIST',
      logical_type: { type: 'LIST' },
    },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  ];
  return {
    physicalName,
    elements: [...list, ...element],
    leaves: leavesOf([physicalName, 'list'], element),
  };
}

function leavesOf(parent: readonly string[], elements: readonly SchemaElement[]): readonly Leaf[] {
  const [first] = elements;
  return elements.flatMap(({ name, type }) => {
    if (type === undefined) return [];
    const group = first && first.num_children !== undefined ? [first.name] : [];
    return [{ path: [...parent, ...group, name], type }];
  });
}

/** Types of the LogicalTypes and ConvertedTypes in parquet-format/LogicalTypes.md. */
function scalarElements(name: string, type: ScalarType): readonly SchemaElement[] {
  const optional = { name, repetition_type: 'OPTIONAL' } as const;
  switch (type.id) {
    case 'boolean':
      return [{ ...optional, type: 'BOOLEAN' }];
    case 'tinyint':
      return [{ ...optional, type: 'INT32', converted_type: 'INT_8' }];
    case 'smallint':
      return [{ ...optional, type: 'INT32', converted_type: 'INT_16' }];
    case 'integer':
      return [{ ...optional, type: 'INT32' }];
    case 'bigint':
      return [{ ...optional, type: 'INT64' }];
    case 'utinyint':
      return [{ ...optional, type: 'INT32', converted_type: 'UINT_8' }];
    case 'usmallint':
      return [{ ...optional, type: 'INT32', converted_type: 'UINT_16' }];
    case 'uinteger':
      return [{ ...optional, type: 'INT32', converted_type: 'UINT_32' }];
    case 'ubigint':
      return [{ ...optional, type: 'INT64', converted_type: 'UINT_64' }];
    case 'float':
      return [{ ...optional, type: 'FLOAT' }];
    case 'double':
      return [{ ...optional, type: 'DOUBLE' }];
    case 'hugeint':
      return [decimalElement(name, 38, 0)];
    case 'decimal':
      return [decimalElement(name, type.precision, type.scale)];
    case 'varchar':
    case 'json':
      return [{ ...optional, type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } }];
    case 'blob':
      return [{ ...optional, type: 'BYTE_ARRAY' }];
    case 'uuid':
      return [{ ...optional, type: 'FIXED_LEN_BYTE_ARRAY', type_length: 16, logical_type: { type: 'UUID' } }];
    case 'date':
      return [{ ...optional, type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } }];
    case 'time':
      return [
        {
          ...optional,
          type: 'INT64',
          logical_type: { type: 'TIME', isAdjustedToUTC: false, unit: 'MICROS' },
        },
      ];
    case 'timestamp':
    case 'timestamptz':
      return [
        {
          ...optional,
          type: 'INT64',
          logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: type.id === 'timestamptz', unit: 'MICROS' },
        },
      ];
    case 'interval':
      return [
        { ...optional, num_children: 3 },
        { name: 'months', repetition_type: 'REQUIRED', type: 'INT32' },
        { name: 'days', repetition_type: 'REQUIRED', type: 'INT32' },
        { name: 'micros', repetition_type: 'REQUIRED', type: 'INT64' },
      ];
  }
}

/** Bytes of one value of a decimal in Parquet. */
export function decimalWidth(precision: number): 4 | 8 | 16 {
  if (precision <= 9) return 4;
  return precision <= 18 ? 8 : 16;
}

function decimalElement(name: string, precision: number, scale: number): SchemaElement {
  const width = decimalWidth(precision);
  return {
    name,
    repetition_type: 'OPTIONAL',
    type: width === 16 ? 'FIXED_LEN_BYTE_ARRAY' : width === 8 ? 'INT64' : 'INT32',
    ...(width === 16 ? { type_length: 16 } : {}),
    converted_type: 'DECIMAL',
    scale,
    precision,
    logical_type: { type: 'DECIMAL', precision, scale },
  };
}
