import type { DatabaseSync } from 'node:sqlite';
import type { RemoteColumn, RemoteTableName, RemoteTableSchema } from '@tributary/connector-sdk';
import { columnType, isEnforced } from './types.ts';

export function listTables(database: DatabaseSync): readonly RemoteTableName[] {
  const rows = database
    .prepare(
      `SELECT name, type FROM pragma_table_list
       WHERE schema = 'main' AND type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`,
    )
    .all();
  return rows.map(({ name, type }) => ({ name: String(name), kind: type === 'view' ? 'view' : 'table' }));
}

/** The table's schema; undefined when there is none of that name. */
export function describeTable(
  database: DatabaseSync,
  path: readonly string[],
): RemoteTableSchema | undefined {
  const [name, ...more] = path.toReversed();
  if (name === undefined || (more.length > 0 && more.join('.') !== 'main')) return undefined;
  const table = database
    .prepare(
      `SELECT l.name, l.type, l.strict, s.sql FROM pragma_table_list l LEFT JOIN sqlite_schema s ON s.name = l.name
       WHERE l.schema = 'main' AND l.name = ? COLLATE NOCASE AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`,
    )
    .get(name);
  if (table === undefined) return undefined;

  const strict = table['strict'] === 1;
  // PRAGMAs do not tell a column's collation, and under NOCASE equal texts are not equal bytes.
  const byBytes = !/\bcollate\b/i.test(String(table['sql']));
  const columns = database
    .prepare('SELECT name, type, "notnull", pk FROM pragma_table_info(?)')
    .all(String(table['name']))
    .map((row) => ({
      column: describeColumn(String(row['name']), String(row['type']), {
        nullable: row['notnull'] === 0 && !(strict && row['pk'] !== 0),
        strict,
        byBytes,
      }),
      key: Number(row['pk']),
    }));
  const primaryKey = columns
    .filter(({ key }) => key > 0)
    .toSorted((a, b) => a.key - b.key)
    .map(({ column }) => column.name);
  return {
    table: { name: String(table['name']), kind: table['type'] === 'view' ? 'view' : 'table' },
    columns: columns.map(({ column }) => column),
    // Outside STRICT tables a primary key may be NULL.
    primaryKey: strict ? primaryKey : [],
    uniqueKeys: [],
    indexes: primaryKey.length > 0 ? [primaryKey] : [],
    version: JSON.stringify(columns),
  };
}

interface ColumnFacts {
  readonly nullable: boolean;
  readonly strict: boolean;
  readonly byBytes: boolean;
}

function describeColumn(name: string, declared: string, facts: ColumnFacts): RemoteColumn {
  const type = columnType(declared);
  // Only a STRICT table holds what it declares; elsewhere 'abc' may stand in an INTEGER column, above every number.
  const enforced = facts.strict && isEnforced(declared) && (type.id !== 'varchar' || facts.byBytes);
  return {
    name,
    type,
    nativeType: declared,
    nullable: facts.nullable,
    comparison: enforced ? 'ordered' : 'none',
  };
}
