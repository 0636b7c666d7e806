import type { DataType } from '@tributary/contract/plan';

/**
 * PostgreSQL's name of the type that holds exactly the values of ours; undefined where there is none. Enums and JSON are
 * text here: a scan casts them (see scan-forms.ts). HUGEINT is an unconstrained numeric.
 */
export function postgresTypeName(type: DataType): string | undefined {
  switch (type.id) {
    case 'boolean':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'uuid':
    case 'date':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
    case 'interval':
      return type.id;
    case 'hugeint':
      return 'numeric';
    case 'uinteger':
      return 'oid';
    case 'decimal':
      return `numeric(${type.precision},${type.scale})`;
    case 'float':
      return 'real';
    case 'double':
      return 'double precision';
    case 'varchar':
    case 'json':
    case 'enum':
      return 'text';
    case 'blob':
      return 'bytea';
    case 'list': {
      const element = type.element.id === 'list' ? undefined : postgresTypeName(type.element);
      return element && `${element}[]`;
    }
    case 'null':
      return 'text';
    case 'tinyint':
    case 'utinyint':
    case 'usmallint':
    case 'ubigint':
    case 'uhugeint':
    case 'bit':
    case 'timetz':
    case 'timestamp_s':
    case 'timestamp_ms':
    case 'timestamp_ns':
    case 'array':
    case 'struct':
    case 'map':
      return undefined;
  }
}
