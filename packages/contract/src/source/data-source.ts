import type { CallContext, DescribeContext, ExecuteContext } from './context.js';
import type { FederatedDataSourceInfo } from './info.js';
import type { RemoteQueryPlan, RemoteQueryRequest } from './request.js';
import type { RemoteResult } from './result.js';
import type { RemoteTableName, RemoteTableSchema, TableStatistics } from './schema.js';

/** A database, a lake, an API: anything with tables. The one interface between the engine and a connector. */
export interface IFederatedDataSource {
  readonly sourceId: string;

  /** What the source can do and what it costs; constant after creation, but for its costs. */
  getInfo(): FederatedDataSourceInfo;

  listTables(ctx: CallContext): Promise<readonly RemoteTableName[]>;

  /**
   * The table's schema, or undefined when there is none of that name. A path of one part is looked up in the
   * source's default schemas.
   */
  describeTable(path: readonly string[], ctx: DescribeContext): Promise<RemoteTableSchema | undefined>;

  /** What the planner may assume of the table; undefined when the source knows nothing. */
  getRemoteStatistics(table: RemoteTableName, ctx: CallContext): Promise<TableStatistics | undefined>;

  /** Takes what it can and hands back what it left. No I/O. */
  planRemoteQuery(request: RemoteQueryRequest): RemoteQueryPlan;

  /**
   * Runs a plan.
   * @throws TributaryError with a SOURCE.* code; nothing stays open after a failure.
   */
  executeRemoteQuery(plan: RemoteQueryPlan, ctx: ExecuteContext): Promise<RemoteResult>;

  checkHealth(ctx: CallContext): Promise<SourceHealth>;

  /** Closes connections and timers. Idempotent. */
  close(): Promise<void>;

  /** Directories that DuckDB must be allowed to read for this source's relations; absolute paths. */
  localDirectories?(): readonly string[];
}

export interface SourceHealth {
  readonly healthy: boolean;
  /** Product and version, for example `PostgreSQL 18.1`. */
  readonly version?: string;
  /** Measured round trip in milliseconds. */
  readonly latencyMs?: number;
  /** What is wrong or worth knowing, each with its mend. */
  readonly findings: readonly HealthFinding[];
}

export interface HealthFinding {
  readonly level: 'info' | 'warning' | 'error';
  readonly message: string;
  readonly fix?: string;
}
