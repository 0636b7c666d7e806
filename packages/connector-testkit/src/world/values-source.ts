import {
  type FederatedDataSourceInfo,
  type IFederatedDataSource,
  type RemoteQueryPlan,
  type RemoteQueryRequest,
  type RemoteResult,
  type RemoteTableSchema,
  type TableStatistics,
  TributaryError,
  typeName,
} from '@tributary/connector-sdk';
import type { FixtureTable } from '../fixtures/fixture-table.js';
import { duckdbConstant } from '../generate/hostile-columns.js';
import { quoteName } from './sql-name.js';

/** Fixture tables as literal rows that DuckDB reads itself: the other side of joins between sources. Takes nothing from the engine. */
export class ValuesSource implements IFederatedDataSource {
  readonly sourceId: string;
  readonly #tables: ReadonlyMap<string, FixtureTable>;

  constructor(sourceId: string, tables: readonly FixtureTable[]) {
    this.sourceId = sourceId;
    this.#tables = new Map(tables.map((table) => [table.name, table]));
  }

  getInfo(): FederatedDataSourceInfo {
    return {
      sourceId: this.sourceId,
      sourceType: 'local',
      connector: 'values',
      latencyMs: 0,
      bandwidthMbps: 10_000,
      costMultiplier: 1,
      computeContext: this.sourceId,
      capabilities: { kind: 'plain', limit: 'none', offset: false, keySets: undefined },
    };
  }

  listTables(): Promise<readonly { readonly name: string; readonly kind: 'table' }[]> {
    return Promise.resolve([...this.#tables.keys()].map((name) => ({ name, kind: 'table' })));
  }

  describeTable(path: readonly string[]): Promise<RemoteTableSchema | undefined> {
    const table = this.#tables.get(path.join('.'));
    return Promise.resolve(
      table && {
        table: { name: table.name, kind: 'table' },
        columns: table.columns.map(({ name, type, nullable }) => ({
          name,
          type,
          nativeType: typeName(type),
          nullable,
          comparison: 'ordered',
        })),
        primaryKey: table.primaryKey,
        uniqueKeys: [],
        indexes: [],
        version: '1',
      },
    );
  }

  getRemoteStatistics({ name }: { readonly name: string }): Promise<TableStatistics | undefined> {
    const table = this.#tables.get(name);
    return Promise.resolve(table && { rows: table.rowCount, columns: new Map(), origin: 'source' });
  }

  planRemoteQuery(request: RemoteQueryRequest): RemoteQueryPlan {
    if (request.kind !== 'scan') throw this.#broken('a relational request');
    return {
      sourceId: this.sourceId,
      request,
      columns: request.columns,
      residual: { filters: request.filters, limit: request.limit !== undefined },
      native: request.table.join('.'),
      decisions: [],
      state: undefined,
    };
  }

  executeRemoteQuery({ request }: RemoteQueryPlan): Promise<RemoteResult> {
    const table = request.kind === 'scan' ? this.#tables.get(request.table.join('.')) : undefined;
    if (request.kind !== 'scan' || table === undefined) throw this.#broken('a plan of another source');
    const names = request.columns.map(({ name }) => quoteName(name));
    return Promise.resolve({
      kind: 'relation',
      sql: `SELECT ${names.length === 0 ? '1' : names.join(', ')} FROM ${valuesOf(table)}`,
      rows: table.rowCount,
      release: () => Promise.resolve(),
    });
  }

  checkHealth(): Promise<{ readonly healthy: true; readonly findings: readonly [] }> {
    return Promise.resolve({ healthy: true, findings: [] });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #broken(what: string): TributaryError {
    return new TributaryError('ENGINE.INTERNAL', { message: `${this.sourceId} was given ${what}.` });
  }
}

/** A table's rows in FROM. Every column has a type of its own, even where there is no row. */
function valuesOf(table: FixtureTable): string {
  const names = table.columns.map(({ name }) => quoteName(name)).join(', ');
  const rows = [...table.rows()].map(
    (row) => `(${table.columns.map(({ type }, i) => duckdbConstant(type, row[i] ?? null)).join(', ')})`,
  );
  return `(VALUES ${rows.join(', ')}) AS v(${names})`;
}
