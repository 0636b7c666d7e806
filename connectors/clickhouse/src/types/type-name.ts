import type { DataType } from '@tributary/connector-sdk';
import { quoteIdentifier } from '../dialect/quote.js';

/**
 * ClickHouse's name of the type in which expressions of ours are computed; undefined where there is none. Enums are text here (see
 * scan forms), and a DateTime of any zone is an instant.
 */
export function clickhouseTypeName(type: DataType): string | undefined {
  switch (type.id) {
    case 'boolean':
      return 'Bool';
    case 'tinyint':
      return 'Int8';
    case 'smallint':
      return 'Int16';
    case 'integer':
      return 'Int32';
    case 'bigint':
      return 'Int64';
    case 'hugeint':
      return 'Int128';
    case 'utinyint':
      return 'UInt8';
    case 'usmallint':
      return 'UInt16';
    case 'uinteger':
      return 'UInt32';
    case 'ubigint':
      return 'UInt64';
    case 'float':
      return 'Float32';
    case 'double':
      return 'Float64';
    case 'decimal':
      return `Decimal(${type.precision}, ${type.scale})`;
    case 'varchar':
    case 'json':
    case 'enum':
    case 'blob':
      return 'String';
    case 'uuid':
      return 'UUID';
    case 'date':
      return 'Date32';
    case 'timestamptz':
      return "DateTime64(6, 'UTC')";
    case 'list': {
      const element = nullableTypeName(type.element);
      return element && `Array(${element})`;
    }
    case 'struct': {
      const fields = type.fields.map((field) => {
        const name = nullableTypeName(field.type);
        return name && `${quoteIdentifier(field.name)} ${name}`;
      });
      return fields.includes(undefined) ? undefined : `Tuple(${fields.join(', ')})`;
    }
    case 'map': {
      const key = clickhouseTypeName(type.key);
      const value = nullableTypeName(type.value);
      return key && value && `Map(${key}, ${value})`;
    }
    // A DateTime without a zone would be an instant in the zone of the server.
    case 'timestamp':
    case 'null':
    case 'uhugeint':
    case 'bit':
    case 'time':
    case 'timetz':
    case 'timestamp_s':
    case 'timestamp_ms':
    case 'timestamp_ns':
    case 'interval':
    case 'array':
      return undefined;
  }
}

/** Arrays, tuples and maps cannot be NULL. */
export function isNested(type: DataType): boolean {
  return type.id === 'list' || type.id === 'struct' || type.id === 'map';
}

export function nullableTypeName(type: DataType): string | undefined {
  const name = clickhouseTypeName(type);
  return name === undefined || isNested(type) ? name : `Nullable(${name})`;
}
