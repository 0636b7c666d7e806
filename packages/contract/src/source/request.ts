import type { AggregateColumn, Column, Expr, KeySetId, Rel, ScanColumn } from '../plan/index.js';
import type { TableStatistics } from './schema.js';

/**
 * What the engine wants of a source. A SQL source gets the whole subtree; a plain source the same thing taken apart
 * into a single scan. Neither ever gets more than it declared.
 */
export type RemoteQueryRequest = RelationalRequest | ScanRequest;

export interface RelationalRequest {
  readonly kind: 'relational';
  readonly relation: Rel;
  readonly keySets: readonly KeySetRequest[];
  /** The engine's guess of the result after all filters. */
  readonly estimate: SizeEstimate;
}

export interface ScanRequest {
  readonly kind: 'scan';
  readonly table: readonly string[];
  /** Wanted columns, in the order wanted. */
  readonly columns: readonly ScanColumn[];
  /** Conjuncts over the table's columns (which need not be among `columns`). */
  readonly filters: readonly Expr[];
  /** Columns that `filters` read and `columns` lack. */
  readonly filterColumns: readonly ScanColumn[];
  readonly limit?: number;
  readonly offset?: number;
  /**
   * `count_star()`, and `count`, `min` and `max` of one of `columns` each, over all rows: what is wanted in place of the rows.
   * Offered where the capabilities say so, without filters and limit. A plan that takes them is `aggregated`; after any
   * other, the engine asks for the rows.
   */
  readonly aggregates?: readonly AggregateColumn[];
  readonly keySets: readonly KeySetRequest[];
  readonly estimate: SizeEstimate;
}

/** A key set that some filter of the request names; its values come with the execution. */
export interface KeySetRequest {
  readonly id: KeySetId;
  readonly columns: readonly Column[];
  readonly estimatedKeys: number;
}

export interface SizeEstimate {
  readonly rows: number;
  readonly bytes: number;
}

/** What the source will do. Made without I/O; plain enough to show, replace and run later. */
export interface RemoteQueryPlan {
  readonly sourceId: string;
  readonly request: RemoteQueryRequest;
  /** The columns of the answer, in order. */
  readonly columns: readonly Column[];
  /** Present where the answer is one row: the request's aggregates, which `columns` are then. */
  readonly aggregated?: true;
  /** What was not taken, to be done by the engine. A relational plan leaves nothing. */
  readonly residual: {
    readonly filters: readonly Expr[];
    /** True when the engine must still apply the limit (not taken, or taken as at-least). */
    readonly limit: boolean;
  };
  /** What the source will be asked, as text for people: SQL, URLs, files. Without secrets or parameter values. */
  readonly native: string;
  readonly decisions: readonly Decision[];
  /** What the connector itself needs to run it; opaque to the engine. */
  readonly state: unknown;
}

export type PieceKind =
  | 'filter'
  | 'projection'
  | 'aggregate'
  | 'join'
  | 'limit'
  | 'sort'
  | 'top-n'
  | 'distinct'
  | 'set-operation'
  | 'window'
  | 'key-set'
  | 'partition'
  | 'scan';

/** Where a piece of the query runs, and why. */
export interface Decision {
  readonly piece: PieceKind;
  /** The piece as SQL, for people. */
  readonly text: string;
  readonly outcome: 'pushed' | 'kept' | 'split' | 'dropped';
  /** Stable reason code, such as `PUSHED` or `TEXT_COMPARISON_DIFFERS`; see docs/reason-codes.md. */
  readonly code: string;
  readonly why: string;
  readonly sourceId?: string;
}

/** Statistics by the table's dotted name, as the engine hands them round. */
export type StatisticsByTable = ReadonlyMap<string, TableStatistics>;
