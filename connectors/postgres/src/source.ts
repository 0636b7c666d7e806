import { DescribedTables } from '@tributary/connector-sdk/sql';
import type {
  CallContext,
  ExecuteContext,
  FederatedDataSourceInfo,
  IFederatedDataSource,
  RemoteQueryPlan,
  RemoteQueryRequest,
  RemoteResult,
  RemoteTableName,
  RemoteTableSchema,
  SourceHealth,
  TableStatistics,
} from '@tributary/contract/source';
import { postgresDialect } from './dialect/postgres-dialect.js';
import { type DescribedTable, describeTable } from './discovery/describe-table.js';
import { listTables } from './discovery/list-tables.js';
import { tablePath } from './discovery/table-path.js';
import { Connections } from './execute/connections.js';
import { execute } from './execute/execute.js';
import { checkHealth } from './health.js';
import type { PostgresOptions } from './options.js';
import { planQuery } from './plan/plan-query.js';
import { StatisticsCache } from './statistics/statistics-cache.js';

/** A PostgreSQL database as a source of tables. Nothing connects before the first call. */
export class PostgresSource implements IFederatedDataSource, AsyncDisposable {
  readonly sourceId: string;
  readonly #options: PostgresOptions;
  readonly #info: FederatedDataSourceInfo;
  readonly #connections: Connections;
  readonly #tables = new DescribedTables<DescribedTable>();
  readonly #statistics: StatisticsCache;

  constructor(sourceId: string, options: PostgresOptions) {
    this.sourceId = sourceId;
    this.#options = options;
    this.#info = infoOf(sourceId, options);
    this.#connections = new Connections(sourceId, this.#info.computeContext, options);
    this.#statistics = new StatisticsCache(this.#connections);
  }

  getInfo(): FederatedDataSourceInfo {
    return this.#info;
  }

  listTables(ctx: CallContext): Promise<readonly RemoteTableName[]> {
    return listTables(this.#connections, this.#options.schemas, ctx);
  }

  async describeTable(path: readonly string[], ctx: CallContext): Promise<RemoteTableSchema | undefined> {
    const parsed = tablePath(path, this.#options.server.database);
    const table = parsed && (await describeTable(this.#connections, parsed, this.#options, ctx));
    if (table !== undefined) this.#tables.remember(table);
    return table?.schema;
  }

  async getRemoteStatistics(table: RemoteTableName, ctx: CallContext): Promise<TableStatistics | undefined> {
    const path = { schema: table.schema, name: table.name };
    const described =
      this.#tables.named(table) ?? (await describeTable(this.#connections, path, this.#options, ctx));
    return described && this.#statistics.of(described, ctx);
  }

  planRemoteQuery(request: RemoteQueryRequest): RemoteQueryPlan {
    return planQuery(this.sourceId, request, this.#tables, this.#options);
  }

  executeRemoteQuery(plan: RemoteQueryPlan, ctx: ExecuteContext): Promise<RemoteResult> {
    const { sourceId } = this;
    const { computeContext } = this.#info;
    return execute(
      { sourceId, computeContext, options: this.#options, connections: this.#connections },
      plan,
      ctx,
    );
  }

  checkHealth(ctx: CallContext): Promise<SourceHealth> {
    return checkHealth(this.#connections, this.#options.schemas, ctx);
  }

  close(): Promise<void> {
    return this.#connections.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function infoOf(sourceId: string, options: PostgresOptions): FederatedDataSourceInfo {
  const { host, port, user, database } = options.server;
  return {
    sourceId,
    sourceType: 'database',
    connector: 'postgres',
    latencyMs: options.latencyMs,
    bandwidthMbps: options.bandwidthMbps,
    costMultiplier: options.costMultiplier,
    // Another user may see other rows and tables, so he is another context.
    computeContext: `postgres://${encodeURIComponent(user)}@${host}:${port}/${encodeURIComponent(database)}`,
    capabilities: {
      kind: 'sql',
      dialect: postgresDialect,
      joins: ['inner', 'left', 'right', 'full', 'semi', 'anti', 'mark', 'single'],
      setOperations: ['union', 'union-all', 'except', 'except-all', 'intersect', 'intersect-all'],
      aggregate: true,
      groupingSets: true,
      distinct: true,
      distinctOn: true,
      window: true,
      sort: true,
      limit: true,
      offset: true,
      values: true,
      with: true,
      dependentJoin: true,
      keySets: { maxKeys: 100_000, multiColumn: true, exact: () => true },
    },
  };
}
