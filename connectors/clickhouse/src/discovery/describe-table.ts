import type { CallContext, RemoteColumn, RemoteTableSchema } from '@tributary/connector-sdk';
import { createHash } from 'node:crypto';
import type { Server } from '../execute/server.js';
import type { ClickhouseOptions } from '../options.js';
import { mapType } from '../types/column-type.js';
import { splitTopLevel } from '../types/native-type.js';
import { kindOf, visible } from './list-tables.js';
import type { TablePath } from './table-path.js';

interface TableRow {
  readonly database: string;
  readonly name: string;
  readonly engine: string;
  readonly sorting_key: string;
}

interface ColumnRow {
  readonly name: string;
  readonly type: string;
}

/** An exact name goes before one that differs in case, an earlier database before a later one. */
const findSql = `
SELECT database, name, engine, sorting_key
FROM system.tables
WHERE ${visible} AND lowerUTF8(name) = lowerUTF8({name:String})
  AND ({wanted:String} = '' OR lowerUTF8(database) = lowerUTF8({wanted:String}))
ORDER BY database <> {wanted:String}, name <> {name:String},
  indexOf({databases:Array(String)}, database), database <> {database:String}, database
LIMIT 1`;

/** An ephemeral column has no values to read. */
const columnsSql = `
SELECT name, type FROM system.columns
WHERE database = {database:String} AND table = {table:String} AND default_kind <> 'EPHEMERAL'
ORDER BY position`;

export async function describeTable(
  server: Server,
  { database, name }: TablePath,
  options: ClickhouseOptions,
  { signal }: CallContext,
): Promise<RemoteTableSchema | undefined> {
  const [found] = await server.rows<TableRow>(
    { sql: findSql, signal },
    {
      name,
      wanted: database ?? '',
      databases: options.databases ?? [],
      database: options.server.database,
    },
  );
  if (found === undefined) return undefined;
  const columns = await server.rows<ColumnRow>(
    { sql: columnsSql, signal },
    { database: found.database, table: found.name },
  );
  return schemaOf(found, columns, options);
}

/** ClickHouse has no unique keys: a primary key only says how rows are sorted. */
function schemaOf(
  table: TableRow,
  rows: readonly ColumnRow[],
  options: ClickhouseOptions,
): RemoteTableSchema {
  const columns = rows.flatMap((row) => columnOf(row, options) ?? []);
  return {
    table: { schema: table.database, name: table.name, kind: kindOf(table.engine) },
    columns,
    primaryKey: [],
    uniqueKeys: [],
    indexes: indexesOf(table.sorting_key, rows, options),
    version: createHash('sha256')
      .update(JSON.stringify([table, rows, options.fixedString, options.nanoseconds]))
      .digest('base64url'),
  };
}

function columnOf(row: ColumnRow, options: ClickhouseOptions): RemoteColumn | undefined {
  const mapped = mapType(row.type, options);
  if (mapped === undefined) return undefined;
  return {
    name: row.name,
    type: mapped.type,
    nativeType: row.type,
    nullable: mapped.nullable,
    comparison: mapped.comparison,
    ...(mapped.note !== undefined && { note: mapped.note }),
  };
}

/** The leading columns of the sorting key that a comparison can use as they are. */
function indexesOf(
  sortingKey: string,
  rows: readonly ColumnRow[],
  options: ClickhouseOptions,
): readonly (readonly string[])[] {
  const usable = new Map(
    rows
      .filter(({ type }) => mapType(type, options)?.form === 'plain')
      .flatMap(({ name }) => [[name, name] as const, [`\`${name}\``, name] as const]),
  );
  const keys = splitTopLevel(sortingKey).map((key) => usable.get(key));
  const end = keys.indexOf(undefined);
  const leading = keys.slice(0, end < 0 ? undefined : end).flatMap((key) => key ?? []);
  return leading.length === 0 ? [] : [leading];
}
