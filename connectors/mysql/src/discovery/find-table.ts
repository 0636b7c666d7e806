import type { CallContext } from '@tributary/connector-sdk';
import type { Connections } from '../execute/connections.js';
import type { MySqlOptions } from '../options.js';
import { type CatalogueRow, systemDatabases, textOf } from './catalogue.js';

/** A table inside the server; `database` is absent where the name has one part. */
interface TablePath {
  readonly database: string | undefined;
  readonly name: string;
}

const columns = `table_schema AS db, table_name AS name, table_type AS kind, table_rows AS row_count,
  create_options LIKE '%partitioned%' AS is_partitioned, engine AS engine`;

/**
 * The catalogue's row of a table. An exact name goes before one that differs in case, an earlier database before a later one. The
 * exact name is asked for first, since looking for it by a function makes MariaDB open every table that it has.
 */
export async function findTable(
  connections: Connections,
  path: readonly string[],
  options: MySqlOptions,
  { signal }: CallContext,
): Promise<CatalogueRow | undefined> {
  const wanted = tablePath(path);
  if (wanted === undefined) return undefined;
  const find = async (isExact: boolean): Promise<CatalogueRow | undefined> => {
    const { sql, values } = findSql(wanted, options, isExact);
    const rows = await connections.rows(sql, values, signal);
    return best(rows, wanted, options);
  };
  return (await find(true)) ?? (await find(false));
}

/** Reads a path of the contract: `[name]` or `[database, name]`. */
function tablePath(path: readonly string[]): TablePath | undefined {
  const [first, second, ...rest] = path;
  if (first === undefined || rest.length > 0) return undefined;
  return second === undefined ? { database: undefined, name: first } : { database: first, name: second };
}

function findSql(
  { database, name }: TablePath,
  { databases }: MySqlOptions,
  isExact: boolean,
): { readonly sql: string; readonly values: readonly unknown[] } {
  const equals = (column: string): string =>
    isExact ? `${column} = ?` : `LOWER(${column}) = LOWER(CONVERT(? USING utf8mb4)) COLLATE utf8mb4_bin`;
  const conditions = [`table_type IN ('BASE TABLE', 'VIEW', 'SYSTEM VERSIONED')`, equals('table_name')];
  const values: unknown[] = [name];
  if (database !== undefined) {
    conditions.push(equals('table_schema'));
    values.push(database);
  }
  if (databases !== undefined) {
    conditions.push('table_schema IN (?)');
    values.push(databases);
  } else if (database === undefined) {
    conditions.push('table_schema NOT IN (?)');
    values.push(systemDatabases);
  }
  return {
    sql: `SELECT ${columns} FROM information_schema.tables WHERE ${conditions.join(' AND ')}`,
    values,
  };
}

function best(
  rows: readonly CatalogueRow[],
  wanted: TablePath,
  { databases, server }: MySqlOptions,
): CatalogueRow | undefined {
  const order = databases ?? (server.database === undefined ? [] : [server.database]);
  const rank = (row: CatalogueRow): readonly number[] => {
    const database = textOf(row, 'db');
    const place = order.indexOf(database);
    return [
      Number(wanted.database !== undefined && database !== wanted.database),
      Number(textOf(row, 'name') !== wanted.name),
      place < 0 ? order.length : place,
    ];
  };
  const compare = (a: CatalogueRow, b: CatalogueRow): number => {
    const [left, right] = [rank(a), rank(b)];
    const at = left.findIndex((part, i) => part !== right[i]);
    if (at >= 0) return (left[at] ?? 0) - (right[at] ?? 0);
    return textOf(a, 'db') < textOf(b, 'db') ? -1 : 1;
  };
  return rows.toSorted(compare)[0];
}
