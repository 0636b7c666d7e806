import type { CallContext, RemoteTableName } from '@tributary/contract/source';
import type { Connections } from '../execute/connections.js';

/** `pg_class.relkind` of what can be read, and what it is called. */
export const kinds = {
  r: 'table',
  p: 'partitioned-table',
  v: 'view',
  m: 'materialized-view',
  f: 'foreign-table',
} as const satisfies Record<string, RemoteTableName['kind']>;

export type RelationKind = keyof typeof kinds;

/** True for schemas that hold the server's own tables, or a session's temporary ones. */
export const systemSchema = String.raw`(n.nspname IN ('pg_catalog', 'information_schema') OR n.nspname LIKE 'pg\_toast%' OR n.nspname LIKE 'pg\_temp\_%')`;

interface ListedRow {
  readonly schema: string;
  readonly name: string;
  readonly kind: RelationKind;
  readonly rows: number;
}

/** Partitions are read through their parent and not listed. */
const listSql = `
SELECT n.nspname AS schema, c.relname AS name, c.relkind AS kind, c.reltuples::float8 AS rows
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND NOT c.relispartition
  AND ($1::text[] IS NULL AND NOT ${systemSchema} OR n.nspname = ANY ($1::text[]))
  AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
  AND (pg_catalog.has_table_privilege(c.oid, 'SELECT') OR pg_catalog.has_any_column_privilege(c.oid, 'SELECT'))
ORDER BY array_position($1::text[], n.nspname::text), n.nspname <> 'public', n.nspname, c.relname`;

export async function listTables(
  connections: Connections,
  schemas: readonly string[] | undefined,
  context: CallContext,
): Promise<readonly RemoteTableName[]> {
  const rows = await connections.rows<ListedRow>(listSql, [schemas ?? null], context.signal);
  return rows.map(({ schema, name, kind, rows: estimatedRows }) => ({
    schema,
    name,
    kind: kinds[kind],
    // Negative: never analysed. Views always say zero.
    ...(estimatedRows > 0 && { estimatedRows }),
  }));
}
