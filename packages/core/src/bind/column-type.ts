import { type DuckDBType, DuckDBTypeId } from '@duckdb/node-api';
import { type DataType, type SimpleTypeId, simpleType } from '@tributary/contract/plan';

const simpleTypes: ReadonlyMap<DuckDBTypeId, SimpleTypeId> = new Map([
  [DuckDBTypeId.BOOLEAN, 'boolean'],
  [DuckDBTypeId.TINYINT, 'tinyint'],
  [DuckDBTypeId.SMALLINT, 'smallint'],
  [DuckDBTypeId.INTEGER, 'integer'],
  [DuckDBTypeId.BIGINT, 'bigint'],
  [DuckDBTypeId.HUGEINT, 'hugeint'],
  [DuckDBTypeId.UTINYINT, 'utinyint'],
  [DuckDBTypeId.USMALLINT, 'usmallint'],
  [DuckDBTypeId.UINTEGER, 'uinteger'],
  [DuckDBTypeId.UBIGINT, 'ubigint'],
  [DuckDBTypeId.UHUGEINT, 'uhugeint'],
  [DuckDBTypeId.FLOAT, 'float'],
  [DuckDBTypeId.DOUBLE, 'double'],
  [DuckDBTypeId.BLOB, 'blob'],
  [DuckDBTypeId.BIT, 'bit'],
  [DuckDBTypeId.UUID, 'uuid'],
  [DuckDBTypeId.DATE, 'date'],
  [DuckDBTypeId.TIME, 'time'],
  [DuckDBTypeId.TIME_TZ, 'timetz'],
  [DuckDBTypeId.TIMESTAMP, 'timestamp'],
  [DuckDBTypeId.TIMESTAMP_S, 'timestamp_s'],
  [DuckDBTypeId.TIMESTAMP_MS, 'timestamp_ms'],
  [DuckDBTypeId.TIMESTAMP_NS, 'timestamp_ns'],
  [DuckDBTypeId.TIMESTAMP_TZ, 'timestamptz'],
  [DuckDBTypeId.INTERVAL, 'interval'],
  [DuckDBTypeId.SQLNULL, 'null'],
]);

/** The type of a prepared statement's column. What the IR has no type for (unions, for example) is delivered as text. */
export function columnType(type: DuckDBType): DataType {
  switch (type.typeId) {
    case DuckDBTypeId.VARCHAR:
      return simpleType(type.alias === 'JSON' ? 'json' : 'varchar');
    case DuckDBTypeId.DECIMAL:
      return { id: 'decimal', precision: type.width, scale: type.scale };
    case DuckDBTypeId.ENUM:
      return { id: 'enum', values: type.values };
    case DuckDBTypeId.LIST:
      return { id: 'list', element: columnType(type.valueType) };
    case DuckDBTypeId.ARRAY:
      return { id: 'array', element: columnType(type.valueType), size: type.length };
    case DuckDBTypeId.STRUCT:
      return {
        id: 'struct',
        fields: type.entryTypes.map((entry, i) => ({
          name: type.entryNames[i] ?? '',
          type: columnType(entry),
        })),
      };
    case DuckDBTypeId.MAP:
      return { id: 'map', key: columnType(type.keyType), value: columnType(type.valueType) };
    default:
      return simpleType(simpleTypes.get(type.typeId) ?? 'varchar');
  }
}
