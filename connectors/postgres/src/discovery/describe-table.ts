import { createHash } from 'node:crypto';
import type { CallContext, RemoteColumn, RemoteTableSchema } from '@tributary/contract/source';
import type { ComparisonFidelity } from '@tributary/contract/plan';
import type { Connections } from '../execute/connections.js';
import type { PostgresOptions } from '../options.js';
import { type MappedType, mapType } from '../types/column-type.js';
import type { NativeType } from '../types/native-type.js';
import { describeSql } from './describe-sql.js';
import { kinds, type RelationKind } from './list-tables.js';
import type { TablePath } from './table-path.js';

interface ColumnRow {
  readonly name: string;
  readonly native: string;
  readonly notNull: boolean;
  readonly number: number;
  readonly type: NativeType;
}

interface IndexRow {
  /** `attnum`s; 0 stands for an expression. */
  readonly columns: readonly number[];
  readonly unique: boolean;
  readonly primary: boolean;
  readonly method: string;
}

interface TableRow {
  readonly schema: string;
  readonly name: string;
  readonly kind: RelationKind;
  readonly hasChildren: boolean;
  readonly encoding: string;
  readonly columns: readonly ColumnRow[];
  readonly indexes: readonly IndexRow[];
}

/** A table as the engine sees it, and what only this connector needs of it. */
export interface DescribedTable {
  readonly schema: RemoteTableSchema;
  readonly mapped: ReadonlyMap<string, MappedType>;
  /** One heap of its own: a plain table without inheritance children, or a materialised view. */
  readonly isSingleHeap: boolean;
}

export async function describeTable(
  connections: Connections,
  path: TablePath,
  options: PostgresOptions,
  context: CallContext,
): Promise<DescribedTable | undefined> {
  const [row] = await connections.rows<TableRow>(
    describeSql,
    [path.schema ?? null, path.name, options.schemas ?? null],
    context.signal,
  );
  return row && described(row, options);
}

function described(row: TableRow, options: PostgresOptions): DescribedTable {
  const mapped = new Map(
    row.columns.map((column) => [column.name, mapType(column.type, options.unconstrainedNumeric)]),
  );
  const isUtf8 = row.encoding === 'UTF8';
  const columns = row.columns.map((column): RemoteColumn => {
    const { type, comparison, note } = mapType(column.type, options.unconstrainedNumeric);
    return {
      name: column.name,
      type,
      nativeType: column.native,
      nullable: !column.notNull,
      comparison: isUtf8 || type.id !== 'varchar' ? comparison : weaker(comparison),
      ...(note !== undefined && { note }),
    };
  });
  const hasInheritance = row.kind === 'r' && row.hasChildren;
  return {
    schema: {
      table: { schema: row.schema, name: row.name, kind: kinds[row.kind] },
      columns,
      // A key of an inheritance parent says nothing about its children's rows, which a scan yields as well.
      ...(hasInheritance ? { primaryKey: [], uniqueKeys: [] } : keysOf(row, mapped)),
      indexes: indexesOf(row, mapped),
      version: createHash('sha256')
        .update(JSON.stringify([row, options.unconstrainedNumeric]))
        .digest('base64url'),
    },
    mapped,
    isSingleHeap: row.kind === 'm' || (row.kind === 'r' && !hasInheritance),
  };
}

/** In another server encoding the bytes, and so their order, are not those of UTF-8. */
function weaker(comparison: ComparisonFidelity): ComparisonFidelity {
  return comparison === 'ordered' ? 'equality' : comparison;
}

function keysOf(
  row: TableRow,
  mapped: ReadonlyMap<string, MappedType>,
): Pick<RemoteTableSchema, 'primaryKey' | 'uniqueKeys'> {
  const byNumber = new Map(row.columns.map((column) => [column.number, column]));
  const keyColumns = (index: IndexRow): readonly string[] | undefined => {
    const columns = index.columns.map((number) => byNumber.get(number));
    const isKey = columns.every((column) => column?.notNull && mapped.get(column.name)?.merges === false);
    return isKey ? columns.flatMap((column) => column?.name ?? []) : undefined;
  };
  const primary = row.indexes.find((index) => index.primary);
  return {
    primaryKey: (primary && keyColumns(primary)) ?? [],
    uniqueKeys: row.indexes
      .filter((index) => index.unique && !index.primary)
      .flatMap((i) => {
        const columns = keyColumns(i);
        return columns === undefined ? [] : [columns];
      }),
  };
}

/** Leading columns that a comparison can use as they are; only of methods that answer `= ANY`. */
function indexesOf(row: TableRow, mapped: ReadonlyMap<string, MappedType>): readonly (readonly string[])[] {
  const usable = new Map(
    row.columns
      .filter(({ name }) => mapped.get(name)?.form === 'plain')
      .map(({ number, name }) => [number, name]),
  );
  return row.indexes
    .filter((index) => index.method === 'btree' || index.method === 'hash')
    .map((index) => {
      const end = index.columns.findIndex((number) => !usable.has(number));
      return index.columns.slice(0, end < 0 ? undefined : end).flatMap((number) => usable.get(number) ?? []);
    })
    .filter((columns) => columns.length > 0);
}
