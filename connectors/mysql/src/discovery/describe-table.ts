import { createHash } from 'node:crypto';
import type { CallContext, RemoteColumn, RemoteTableSchema } from '@tributary/connector-sdk';
import type { Connections } from '../execute/connections.js';
import type { MySqlOptions } from '../options.js';
import { type MappedType, mapType } from '../types/column-type.js';
import type { NativeColumn } from '../types/native-column.js';
import { type CatalogueRow, numberOrNull, textOf, textOrNull } from './catalogue.js';
import { findTable } from './find-table.js';
import { tableName } from './list-tables.js';

/** A table as the engine sees it, and what only this connector needs of it. */
export interface MySqlTable {
  readonly schema: RemoteTableSchema;
  readonly columns: ReadonlyMap<string, MySqlColumn>;
}

export interface MySqlColumn {
  readonly native: NativeColumn;
  readonly mapped: MappedType;
}

interface TableIndex {
  readonly isUnique: boolean;
  readonly isPrimary: boolean;
  /** `BTREE`, `HASH`, `FULLTEXT`, …. */
  readonly method: string;
  /** Null for an expression. */
  readonly columns: readonly (string | null)[];
}

const columnsSql = `
SELECT column_name AS name, data_type AS data_type, column_type AS column_type, is_nullable AS is_nullable,
  character_set_name AS character_set, collation_name AS collation, numeric_precision AS digits, numeric_scale AS scale
FROM information_schema.columns WHERE table_schema = ? AND table_name = ? ORDER BY ordinal_position`;

const indexesSql = `
SELECT index_name AS name, non_unique AS non_unique, index_type AS method, column_name AS column_name
FROM information_schema.statistics WHERE table_schema = ? AND table_name = ? ORDER BY index_name, seq_in_index`;

/** MariaDB's JSON is an alias of longtext with this check of the column itself. */
const jsonChecksSql = `
SELECT constraint_name AS name FROM information_schema.check_constraints
WHERE constraint_schema = ? AND table_name = ? AND check_clause = CONCAT('json_valid(\`', REPLACE(constraint_name, '\`', '\`\`'), '\`)')`;

export async function describeTable(
  connections: Connections,
  path: readonly string[],
  options: MySqlOptions,
  context: CallContext,
): Promise<MySqlTable | undefined> {
  const found = await findTable(connections, path, options, context);
  if (found === undefined) return undefined;
  const name = [textOf(found, 'db'), textOf(found, 'name')];
  const columns = await connections.rows(columnsSql, name, context.signal);
  const indexes = await connections.rows(indexesSql, name, context.signal);
  const product = connections.product?.name ?? 'mysql';
  const checks = product === 'mariadb' ? await connections.rows(jsonChecksSql, name, context.signal) : [];
  const json = new Set(checks.map((row) => textOf(row, 'name')));
  return described(
    found,
    columns.map((row) => nativeColumn(row, json)),
    indexesOf(indexes),
    (native) => mapType(native, options, product),
  );
}

function nativeColumn(row: CatalogueRow, json: ReadonlySet<string>): NativeColumn {
  const name = textOf(row, 'name');
  return {
    name,
    dataType: textOf(row, 'data_type').toLowerCase(),
    columnType: textOf(row, 'column_type'),
    nullable: textOf(row, 'is_nullable') === 'YES',
    characterSet: textOrNull(row, 'character_set'),
    collation: textOrNull(row, 'collation'),
    precision: numberOrNull(row, 'digits'),
    scale: numberOrNull(row, 'scale'),
    isCheckedJson: json.has(name),
  };
}

function indexesOf(rows: readonly CatalogueRow[]): readonly TableIndex[] {
  const byName = Map.groupBy(rows, (row) => textOf(row, 'name'));
  return [...byName].map(([name, parts]) => ({
    isUnique: parts.every((part) => numberOrNull(part, 'non_unique') === 0),
    isPrimary: name === 'PRIMARY',
    method: textOf(parts[0] ?? {}, 'method'),
    columns: parts.map((part) => textOrNull(part, 'column_name')),
  }));
}

function described(
  found: CatalogueRow,
  natives: readonly NativeColumn[],
  indexes: readonly TableIndex[],
  map: (native: NativeColumn) => MappedType,
): MySqlTable {
  const columns = new Map(
    natives.map((native): [string, MySqlColumn] => [native.name, { native, mapped: map(native) }]),
  );
  const isKey = (index: TableIndex): boolean =>
    index.isUnique &&
    index.columns.every((name) => {
      const column = name === null ? undefined : columns.get(name);
      return column !== undefined && !column.native.nullable && !column.mapped.merges;
    });
  const names = (index: TableIndex): readonly string[] => index.columns.flatMap((name) => name ?? []);
  const keys = indexes.filter(isKey);
  const { estimatedRows: _, ...table } = tableName(found);
  return {
    schema: {
      table,
      columns: [...columns.values()].map(remoteColumn),
      primaryKey: keys.filter((key) => key.isPrimary).flatMap(names),
      uniqueKeys: keys.filter((key) => !key.isPrimary).map(names),
      indexes: indexes.flatMap((index) => usableLead(index, columns)),
      version: createHash('sha256')
        .update(JSON.stringify([table, [...columns.values()], indexes]))
        .digest('base64url'),
    },
    columns,
  };
}

function remoteColumn({ native, mapped }: MySqlColumn): RemoteColumn {
  return {
    name: native.name,
    type: mapped.type,
    nativeType: native.columnType,
    nullable: native.nullable || mapped.makesNull === true,
    comparison: mapped.comparison,
    ...(mapped.note !== undefined && { note: mapped.note }),
  };
}

/** Leading columns that a comparison can use, as they are or by their text's own collation first (see plan/raw-predicates.ts). */
function usableLead(
  index: TableIndex,
  columns: ReadonlyMap<string, MySqlColumn>,
): readonly (readonly string[])[] {
  if (index.method !== 'BTREE' && index.method !== 'HASH') return [];
  const isUsable = (name: string | null): boolean => {
    const form = name === null ? undefined : columns.get(name)?.mapped.form;
    return form === 'plain' || form === 'bytes' || form === 'text' || form === 'point';
  };
  const end = index.columns.findIndex((name) => !isUsable(name));
  const lead = index.columns.slice(0, end < 0 ? undefined : end).flatMap((name) => name ?? []);
  return lead.length === 0 ? [] : [lead];
}
