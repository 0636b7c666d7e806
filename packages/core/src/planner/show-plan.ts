import { TributaryError } from '@tributary/contract/errors';
import { type Column, type DataType, type Expr, literal, typeName } from '@tributary/contract/plan';
import type { IFederatedDataSource, RemoteTableName } from '@tributary/contract/source';
import type { SchemaCache } from '../bind/schema-cache.js';
import type { ShowStatement } from '../bind/show-statement.js';
import { mainSchema, quote } from '../bind/stub-catalogue.js';
import { pathOf, sourceNamed } from '../bind/table-resolver.js';
import type { FederatedPlan, PushdownMode, ViewDefinition } from '../plan/federated-plan.js';
import type { FederatedDataSourceRegistry } from '../registry/index.js';

export interface ShowContext {
  readonly registry: FederatedDataSourceRegistry;
  readonly schemas: SchemaCache;
  readonly views: readonly ViewDefinition[];
  readonly signal: AbortSignal;
}

/** A value of one row: text, a list of texts, or a truth value. */
type Cell = string | boolean | readonly string[];

interface Listing {
  readonly columns: Readonly<Record<string, DataType>>;
  readonly rows: readonly (readonly Cell[])[];
}

/**
 * The plan of a SHOW statement: rows that are known already. Their columns are DuckDB's; a source is a database, and one without
 * schemas has the schema `main`, as for statements.
 *
 * @throws TributaryError SQL.UNKNOWN_TABLE for a source or a schema that is not there, or the error of a source that could not be asked
 */
export async function planShow(
  sql: string,
  mode: PushdownMode,
  statement: ShowStatement,
  context: ShowContext,
): Promise<FederatedPlan> {
  const { columns, rows } = await listingOf(statement, context);
  const output = Object.entries(columns).map(([name, type], i): Column => ({ id: i + 1, name, type }));
  const sorted = rows.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  return {
    sql,
    mode,
    fragments: [],
    keySets: [],
    held: [],
    residual: {
      kind: 'relation',
      relation: { kind: 'values', columns: output, rows: sorted.map((row) => row.map(exprOf)) },
    },
    output: output.map(({ name, type }) => ({ name, type })),
    decisions: [],
    parameters: [],
  };
}

const varchar: DataType = { id: 'varchar' };
const boolean: DataType = { id: 'boolean' };
const texts: DataType = { id: 'list', element: varchar };

function listingOf(statement: ShowStatement, context: ShowContext): Promise<Listing> {
  switch (statement.kind) {
    case 'tables':
      return tables(statement.from, context);
    case 'all-tables':
      return allTables(context);
    case 'schemas':
      return schemas(context);
    case 'databases':
      return databases(context);
  }
}

/** Names as a statement may write them; with FROM, what is left of them after its own. */
async function tables(from: readonly string[], context: ShowContext): Promise<Listing> {
  const [sourceId, wanted] = from;
  const columns = { name: varchar };
  if (sourceId !== undefined) {
    const source = knownSource(sourceId, context);
    const listed = await tablesOf(source, context);
    const schema = wanted === undefined ? undefined : knownSchema(wanted, source, listed);
    const names = listed.flatMap((table) => {
      if (schema === undefined) return [sqlName(pathOf(table))];
      return schemaOf(table) === schema ? [sqlName([table.name])] : [];
    });
    return { columns, rows: names.map((name) => [name]) };
  }
  const listed = await listedTables(context);
  const names = listed.map(({ source, table }) => sqlName([source.sourceId, ...pathOf(table)]));
  const views = context.views.map(({ name }) => sqlName([name]));
  return { columns, rows: [...names, ...views].map((name) => [name]) };
}

async function allTables(context: ShowContext): Promise<Listing> {
  const listed = await listedTables(context);
  const rows = await Promise.all(
    listed.map(async ({ source, table }): Promise<readonly Cell[]> => {
      const schema = await context.schemas.describe(source, pathOf(table), context.signal);
      const found = schema?.columns ?? [];
      return [
        source.sourceId,
        schemaOf(table),
        table.name,
        found.map(({ name }) => name),
        found.map(({ type }) => typeName(type)),
        false,
      ];
    }),
  );
  const columns = {
    database: varchar,
    schema: varchar,
    name: varchar,
    column_names: texts,
    column_types: texts,
    temporary: boolean,
  };
  return { columns, rows };
}

async function schemas(context: ShowContext): Promise<Listing> {
  const listed = await listedTables(context);
  const names = new Map(
    listed.map(({ source: { sourceId }, table }) => [
      JSON.stringify([sourceId, schemaOf(table)]),
      [sourceId, schemaOf(table), false],
    ]),
  );
  return {
    columns: { database_name: varchar, schema_name: varchar, current: boolean },
    rows: [...names.values()],
  };
}

async function databases({ registry }: ShowContext): Promise<Listing> {
  return {
    columns: { database_name: varchar },
    rows: registry.getAllSources().map(({ sourceId }) => [sourceId]),
  };
}

async function listedTables(
  context: ShowContext,
): Promise<readonly { readonly source: IFederatedDataSource; readonly table: RemoteTableName }[]> {
  const lists = await Promise.all(
    context.registry
      .getAllSources()
      .map(async (source) => (await tablesOf(source, context)).map((table) => ({ source, table }))),
  );
  return lists.flat();
}

function tablesOf(
  source: IFederatedDataSource,
  { schemas: known, signal }: ShowContext,
): Promise<readonly RemoteTableName[]> {
  return known.tables(source, signal);
}

function knownSource(id: string, { registry }: ShowContext): IFederatedDataSource {
  const source = sourceNamed(registry, id);
  if (source !== undefined) return source;
  throw new TributaryError('SQL.UNKNOWN_TABLE', {
    message: `There is no source "${id}".`,
    fix: 'SHOW DATABASES lists the sources.',
    candidates: registry.getAllSources().map(({ sourceId }) => sourceId),
  });
}

/** A schema as it is written, or else the only one of its letters without regard to case. */
function knownSchema(
  wanted: string,
  { sourceId }: IFederatedDataSource,
  listed: readonly RemoteTableName[],
): string {
  const names = [...new Set(listed.map(schemaOf))];
  if (names.includes(wanted)) return wanted;
  const folded = wanted.toLowerCase();
  const [match, ...others] = names.filter((name) => name.toLowerCase() === folded);
  if (match !== undefined && others.length === 0) return match;
  throw new TributaryError('SQL.UNKNOWN_TABLE', {
    message: `Source "${sourceId}" has no table in a schema "${wanted}".`,
    fix: 'SHOW SCHEMAS lists the schemas.',
    candidates: names,
  });
}

function schemaOf(table: RemoteTableName): string {
  return table.schema ?? mainSchema;
}

function sqlName(parts: readonly string[]): string {
  return parts.map((part) => (/^[a-z_][a-z0-9_]*$/.test(part) ? part : quote(part))).join('.');
}

function sortKey(row: readonly Cell[]): string {
  return JSON.stringify(row);
}

function exprOf(cell: Cell): Expr {
  if (typeof cell === 'string') return literal(varchar, cell);
  if (typeof cell === 'boolean') return literal(boolean, String(cell));
  const args = cell.map((text) => literal(varchar, text));
  return {
    kind: 'cast',
    arg: { kind: 'call', fn: 'list_value', args, type: texts },
    type: texts,
    try: false,
  };
}
