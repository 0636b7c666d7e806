import { join } from 'node:path';
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
import { quoteText } from '../generate/hostile-columns.js';
import { quoteName } from './sql-name.js';

/** Fixture tables in Parquet files that DuckDB reads itself: the other side of joins between sources. Takes nothing from the engine. */
export class RowsSource implements IFederatedDataSource {
  readonly sourceId: string;
  readonly #folder: string;
  readonly #tables: ReadonlyMap<string, FixtureTable>;

  /** @param folder holds `<table>.parquet` for each table */
  constructor(sourceId: string, folder: string, tables: readonly FixtureTable[]) {
    this.sourceId = sourceId;
    this.#folder = folder;
    this.#tables = new Map(tables.map((table) => [table.name, table]));
  }

  getInfo(): FederatedDataSourceInfo {
    return {
      sourceId: this.sourceId,
      // Local ones get no keys from each other.
      sourceType: 'external-api',
      connector: 'rows',
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
      sql: `SELECT ${names.length === 0 ? '1' : names.join(', ')} FROM read_parquet(${quoteText(parquetPath(this.#folder, table))})`,
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

  localDirectories(): readonly string[] {
    return [this.#folder];
  }

  #broken(what: string): TributaryError {
    return new TributaryError('ENGINE.INTERNAL', { message: `${this.sourceId} was given ${what}.` });
  }
}

export function parquetPath(folder: string, { name }: Pick<FixtureTable, 'name'>): string {
  return join(folder, `${name}.parquet`);
}
