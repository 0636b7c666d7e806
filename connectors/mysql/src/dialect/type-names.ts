import type { DataType } from '@tributary/connector-sdk';

/** Most digits behind the point that MySQL's DECIMAL has. */
export const mostScale = 30;

/**
 * The name that CAST knows of the type that holds the values of ours; undefined where there is none. Integers have one width only,
 * so narrower ones are not distinguished here but where they are computed (see functions/integer-range.ts).
 */
export function castTypeName(type: DataType): string | undefined {
  switch (type.id) {
    case 'boolean':
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
      return 'SIGNED';
    case 'utinyint':
    case 'usmallint':
    case 'uinteger':
    case 'ubigint':
      return 'UNSIGNED';
    case 'hugeint':
      return 'DECIMAL(39,0)';
    case 'decimal':
      return type.scale <= mostScale ? `DECIMAL(${type.precision},${type.scale})` : undefined;
    case 'float':
      return 'FLOAT';
    case 'double':
      return 'DOUBLE';
    case 'varchar':
    case 'json':
    case 'enum':
    case 'uuid':
    case 'null':
      return 'CHAR';
    case 'blob':
      return 'BINARY';
    case 'date':
      return 'DATE';
    case 'timestamp':
    case 'timestamptz':
      return 'DATETIME(6)';
    case 'interval':
      return 'TIME(6)';
    case 'uhugeint':
    case 'bit':
    case 'time':
    case 'timetz':
    case 'timestamp_s':
    case 'timestamp_ms':
    case 'timestamp_ns':
    case 'list':
    case 'array':
    case 'struct':
    case 'map':
      return undefined;
  }
}
