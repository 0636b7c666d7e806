import type { DuckDBConnection } from '@duckdb/node-api';
import { TributaryError, duckdbDialect, typeName } from '@tributary/contract';
import type { Residual, StagedTable } from '../plan/federated-plan.js';
import { DuckdbRoom } from './duckdb/duckdb-room.js';
import type { FragmentRunner } from './fragment-runner.js';
import type { QueryContext } from './query-context.js';
import type { StagedRelation } from './staged-relation.js';

/** The catalogue that every DuckDB instance in memory has from the start. */
const ownCatalog = 'memory';
/** What a query may spill even when the quota is used up: DuckDB takes no zero. */
const minTempBytes = 2 ** 20;
const quote = duckdbDialect.quoteIdentifier;

/**
 * A locked DuckDB of one query's own, in which the user's unchanged text finds its tables by their own names. It has
 * half of the engine's memory limit and no way to any file but the sources' and the query's staging.
 */
export async function openTextRoom(
  query: QueryContext,
  runner: FragmentRunner,
  residual: Extract<Residual, { kind: 'text' }>,
): Promise<DuckdbRoom> {
  const relations = await runner.allRelations();
  const { limits, spill, localSources } = query.runtime;
  return DuckdbRoom.open(
    {
      memoryBytes: Math.ceil(limits.memoryBytes / 2),
      threads: limits.threads,
      tempDirectory: query.spool.newFile('.spill'),
      maxTempBytes: Math.max(minTempBytes, limits.spillQuotaBytes - spill.reservedBytes),
      allowedDirectories: [query.spool.path, ...localSources.flatMap((source) => source.directories)],
    },
    async (connection) => {
      for (const table of residual.tables) {
        await addTable(connection, runner, table, relations.get(table.fragment));
      }
      for (const view of residual.views) {
        await connection.run(`CREATE VIEW ${quote(view.name)} AS ${view.query}`);
      }
    },
  );
}

async function addTable(
  connection: DuckDBConnection,
  runner: FragmentRunner,
  table: StagedTable,
  relation: StagedRelation | undefined,
): Promise<void> {
  if (relation === undefined) {
    throw new TributaryError('ENGINE.INTERNAL', {
      message: `The plan reads an unknown fragment ${table.fragment}.`,
    });
  }
  const [catalog, schema] = table.path;
  if (catalog !== ownCatalog) await connection.run(`ATTACH IF NOT EXISTS ':memory:' AS ${quote(catalog)}`);
  await connection.run(`CREATE SCHEMA IF NOT EXISTS ${quote(catalog)}.${quote(schema)}`);
  const { columns } = runner.fragment(table.fragment);
  const list = table.columns.map(({ name, type, from }) => {
    const position = columns.findIndex((column) => column.id === from);
    const value = position < 0 ? `NULL::${typeName(type)}` : `c${position}`;
    return `${value} AS ${quote(name)}`;
  });
  const names = columns.length === 0 ? '' : `(${columns.map((_, index) => `c${index}`).join(', ')})`;
  await connection.run(
    `CREATE VIEW ${table.path.map(quote).join('.')} AS ` +
      `SELECT ${list.length === 0 ? '1' : list.join(', ')} FROM ${relation.from} AS s${names}`,
  );
}
