import type { SqlDialect } from '../render/dialect.js';
import type { DataType, JoinType } from '../plan/index.js';

export type SourceType = 'local' | 'remote-storage' | 'database' | 'external-api' | 'federated-node';

/** What a source is, can do, and costs. Constant after creation, but for its costs, which what is measured may correct. */
export interface FederatedDataSourceInfo {
  readonly sourceId: string;
  readonly sourceType: SourceType;
  /** Connector's name, as in the configuration. */
  readonly connector: string;
  /** Round trip, in milliseconds. */
  readonly latencyMs: number;
  /** Megabits per second. */
  readonly bandwidthMbps: number;
  /** Price of the source's work relative to local work, which is 1.0. */
  readonly costMultiplier: number;
  /** Two sources with the same context are one server: they can be joined there. */
  readonly computeContext: string;
  readonly capabilities: SourceCapabilities;
}

export type SourceCapabilities = SqlCapabilities | PlainCapabilities;

/**
 * A source that runs relational subtrees. What it can compute is what its dialect can say:
 * an expression without a rule in the dialect is never pushed.
 */
export interface SqlCapabilities {
  readonly kind: 'sql';
  readonly dialect: SqlDialect;
  readonly joins: readonly JoinType[];
  readonly setOperations: readonly (
    | 'union'
    | 'union-all'
    | 'except'
    | 'except-all'
    | 'intersect'
    | 'intersect-all'
  )[];
  readonly aggregate: boolean;
  readonly groupingSets: boolean;
  readonly distinct: boolean;
  readonly distinctOn: boolean;
  readonly window: boolean;
  readonly sort: boolean;
  readonly limit: boolean;
  readonly offset: boolean;
  readonly values: boolean;
  readonly with: boolean;
  readonly dependentJoin: boolean;
  readonly keySets: KeySetCapability | undefined;
}

/**
 * A source that answers "this table, these columns, these simple predicates". It is offered every predicate in
 * `filters` that its dialect can say, and hands back what it did not take.
 */
export interface PlainCapabilities {
  readonly kind: 'plain';
  /** The predicates that it may be offered; absent: none. */
  readonly filters?: SqlDialect;
  /** `at-least`: may return more rows than the limit, never fewer than exist below it. */
  readonly limit: 'none' | 'at-least' | 'exact';
  readonly offset: boolean;
  readonly keySets: KeySetCapability | undefined;
  /** Whether it may be offered the counts, minima and maxima of a whole table; see `ScanRequest.aggregates`. Absent: no. */
  readonly aggregates?: boolean;
}

export interface KeySetCapability {
  /** Most distinct keys worth sending. */
  readonly maxKeys: number;
  readonly multiColumn: boolean;
  /**
   * For which types of keys exactly those rows come that equal one of them, as DuckDB would say. The engine then need not join
   * again. Absent: for none; rows that it would leave out may come too.
   */
  readonly exact?: (type: DataType) => boolean;
}

/** The four booleans that many a federation engine stops at, read off the capabilities. */
export function supportsFilterPushdown(capabilities: SourceCapabilities): boolean {
  return capabilities.kind === 'sql' || capabilities.filters !== undefined;
}

export function supportsAggregatePushdown(capabilities: SourceCapabilities): boolean {
  return capabilities.kind === 'sql' && capabilities.aggregate;
}

export function supportsJoinPushdown(capabilities: SourceCapabilities): boolean {
  return capabilities.kind === 'sql' && capabilities.joins.length > 0;
}

export function supportsLimitPushdown(capabilities: SourceCapabilities): boolean {
  return capabilities.kind === 'sql' ? capabilities.limit : capabilities.limit !== 'none';
}
