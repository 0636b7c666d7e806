import type { CallContext, RemoteTableName } from '@tributary/connector-sdk';
import type { Server } from '../execute/server.js';

/** Databases of the server itself; tables behind materialised views. Databases configured may be any. */
export const visible = `(empty({databases:Array(String)}) AND database NOT IN ('system', 'information_schema', 'INFORMATION_SCHEMA')
  OR has({databases:Array(String)}, database)) AND NOT startsWith(name, '.inner') AND NOT is_temporary`;

interface ListedRow {
  readonly database: string;
  readonly name: string;
  readonly engine: string;
  readonly rows: number | null;
}

/** What the user may not see, system.tables does not show. */
const listSql = `
SELECT database, name, engine, total_rows AS rows
FROM system.tables
WHERE ${visible}
ORDER BY indexOf({databases:Array(String)}, database), database <> {database:String}, database, name`;

export async function listTables(
  server: Server,
  databases: readonly string[],
  database: string,
  { signal }: CallContext,
): Promise<readonly RemoteTableName[]> {
  const rows = await server.rows<ListedRow>({ sql: listSql, signal }, { databases, database });
  return rows.map((row) => ({
    schema: row.database,
    name: row.name,
    kind: kindOf(row.engine),
    ...(row.rows !== null && { estimatedRows: row.rows }),
  }));
}

export function kindOf(engine: string): RemoteTableName['kind'] {
  switch (engine) {
    case 'View':
    case 'LiveView':
    case 'WindowView':
      return 'view';
    case 'MaterializedView':
      return 'materialized-view';
    default:
      return 'table';
  }
}
