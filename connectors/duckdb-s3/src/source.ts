import {
  type CallContext,
  type ExecuteContext,
  type FederatedDataSourceInfo,
  type IFederatedDataSource,
  type RemoteQueryPlan,
  type RemoteQueryRequest,
  type RemoteResult,
  type RemoteTableName,
  type RemoteTableSchema,
  type SourceHealth,
  type TableStatistics,
  TributaryError,
  duckdbDialect,
} from '@tributary/connector-sdk';
import { LakeCatalog } from './catalog.js';
import { checkLake } from './health.js';
import type { LakeOptions } from './options.js';
import { isScanState, planScan } from './query/plan-scan.js';
import { runScan } from './query/run-scan.js';
import { tableStatistics } from './statistics.js';
import type { LakeTable } from './table/lake-table.js';
import { assertLoaded } from './table/load-table.js';

export const connectorName = 'duckdb-s3';

/** A folder of Parquet, CSV and NDJSON files, which DuckDB itself reads where the engine runs. */
export class LakeSource implements IFederatedDataSource {
  readonly sourceId: string;
  readonly #catalog: LakeCatalog;

  constructor(sourceId: string, options: LakeOptions) {
    this.sourceId = sourceId;
    this.#catalog = new LakeCatalog(sourceId, options);
  }

  getInfo(): FederatedDataSourceInfo {
    return {
      sourceId: this.sourceId,
      sourceType: 'local',
      connector: connectorName,
      latencyMs: 0.2,
      bandwidthMbps: 8000,
      costMultiplier: 1,
      computeContext: `files:${this.#catalog.root}`,
      capabilities: {
        kind: 'plain',
        filters: duckdbDialect,
        limit: 'exact',
        offset: true,
        // DuckDB reads the keys from a relation; the limit keeps sorting them for pruning cheap.
        keySets: { maxKeys: 200_000, multiColumn: true },
      },
    };
  }

  async listTables(ctx: CallContext): Promise<readonly RemoteTableName[]> {
    const definitions = await this.#catalog.definitions(ctx);
    return definitions.map(({ schema, name }) => ({
      ...(schema !== undefined && { schema }),
      name,
      kind: 'files',
    }));
  }

  async describeTable(path: readonly string[], ctx: CallContext): Promise<RemoteTableSchema | undefined> {
    const table = await this.#catalog.load(path, ctx);
    if (table === undefined) return undefined;
    return {
      table: tableName(table),
      columns: table.columns.map(({ origin: _origin, ...column }) => column),
      primaryKey: [],
      uniqueKeys: [],
      indexes: [],
      version: table.version,
    };
  }

  async getRemoteStatistics(name: RemoteTableName, ctx: CallContext): Promise<TableStatistics | undefined> {
    const path = [name.schema, name.name].filter((part) => part !== undefined);
    const table = this.#catalog.known(path) ?? (await this.#catalog.load(path, ctx));
    return table && tableStatistics(table);
  }

  planRemoteQuery(request: RemoteQueryRequest): RemoteQueryPlan {
    if (request.kind !== 'scan') throw this.#broken('a relational request to a plain source');
    const table = assertLoaded(this.#catalog.known(request.table), request.table, this.sourceId);
    return planScan(request, table, this.sourceId);
  }

  async executeRemoteQuery(plan: RemoteQueryPlan, ctx: ExecuteContext): Promise<RemoteResult> {
    if (!isScanState(plan.state)) throw this.#broken('a plan of another source');
    const path = plan.state.request.table;
    const table = await this.#catalog.reload(path, ctx);
    if (table === undefined) {
      throw new TributaryError('SOURCE.MISSING_OBJECT', {
        message: `Table ${path.join('.')} of ${this.sourceId} has gone since the query was planned.`,
        sourceId: this.sourceId,
        object: path.join('.'),
      });
    }
    return runScan(plan.state, table, ctx, this.sourceId);
  }

  checkHealth(ctx: CallContext): Promise<SourceHealth> {
    return checkLake(this.#catalog, ctx);
  }

  close(): Promise<void> {
    this.#catalog.clear();
    return Promise.resolve();
  }

  localDirectories(): readonly string[] {
    return [this.#catalog.realRoot()];
  }

  #broken(what: string): TributaryError {
    return new TributaryError('ENGINE.INTERNAL', {
      message: `${this.sourceId} was given ${what}.`,
      sourceId: this.sourceId,
    });
  }
}

function tableName(table: LakeTable): RemoteTableName {
  const { schema, name } = table.definition;
  return { ...(schema !== undefined && { schema }), name, kind: 'files' };
}
