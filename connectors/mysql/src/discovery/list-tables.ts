import type { CallContext, RemoteTableName } from '@tributary/connector-sdk';
import type { Connections } from '../execute/connections.js';
import type { MySqlOptions } from '../options.js';
import { type CatalogueRow, numberOrNull, systemDatabases, textOf } from './catalogue.js';

const listSql = `
SELECT table_schema AS db, table_name AS name, table_type AS kind, table_rows AS row_count,
  create_options LIKE '%partitioned%' AS is_partitioned
FROM information_schema.tables
WHERE table_type IN ('BASE TABLE', 'VIEW', 'SYSTEM VERSIONED')`;

export async function listTables(
  connections: Connections,
  options: MySqlOptions,
  { signal }: CallContext,
): Promise<readonly RemoteTableName[]> {
  const { databases, server } = options;
  const sql = `${listSql} AND table_schema ${databases === undefined ? 'NOT IN' : 'IN'} (?) ORDER BY table_schema, table_name`;
  const rows = await connections.rows(sql, [databases ?? systemDatabases], signal);
  const order = databases ?? (server.database === undefined ? [] : [server.database]);
  const rank = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  return rows.map(tableName).toSorted((a, b) => rank(a.schema ?? '') - rank(b.schema ?? ''));
}

export function tableName(row: CatalogueRow): RemoteTableName {
  const rows = numberOrNull(row, 'row_count');
  return {
    schema: textOf(row, 'db'),
    name: textOf(row, 'name'),
    kind: kindOf(row),
    ...(rows !== null && rows > 0 && { estimatedRows: rows }),
  };
}

function kindOf(row: CatalogueRow): RemoteTableName['kind'] {
  if (textOf(row, 'kind') === 'VIEW') return 'view';
  return numberOrNull(row, 'is_partitioned') === 1 ? 'partitioned-table' : 'table';
}
