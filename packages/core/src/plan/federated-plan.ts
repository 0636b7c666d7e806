import type {
  Column,
  ColumnId,
  Decision,
  KeySetId,
  Rel,
  RemoteQueryPlan,
  SizeEstimate,
  StatisticsOrigin,
} from '@tributary/contract';

/** How much the planner pushes: all that is safe and worth it, nothing, or everything or an error. */
export type PushdownMode = 'auto' | 'off' | 'require';

export type FragmentId = string;

/** A statement split into what sources do and what is left. Immutable, made without I/O, reusable between runs. */
export interface FederatedPlan {
  readonly sql: string;
  readonly mode: PushdownMode;
  readonly fragments: readonly Fragment[];
  readonly keySets: readonly KeySetEdge[];
  readonly held: readonly HeldRelation[];
  /** What DuckDB does with the fragments' results. */
  readonly residual: Residual;
  readonly output: readonly OutputColumn[];
  readonly decisions: readonly Decision[];
  readonly parameters: readonly ParameterInfo[];
}

export interface OutputColumn {
  readonly name: string;
  readonly type: Column['type'];
}

export interface ParameterInfo {
  readonly name: string;
  /** Undefined where the statement does not settle it. */
  readonly type: Column['type'] | undefined;
}

export type Residual =
  /** The one fragment's result is the answer. */
  | { readonly kind: 'none'; readonly fragment: FragmentId }
  /** A relation over `Remote` leaves, rendered to DuckDB SQL. */
  | { readonly kind: 'relation'; readonly relation: Rel }
  /** The user's own text, over tables and views of the same names (an operator the importer does not know). */
  | {
      readonly kind: 'text';
      readonly sql: string;
      readonly tables: readonly StagedTable[];
      /** The engine's views that the text reads, in an order in which they can be created. */
      readonly views: readonly ViewDefinition[];
      readonly reason: string;
    };

export interface ViewDefinition {
  readonly name: string;
  readonly query: string;
}

/** A table that the user's unchanged text reads, filled from a fragment. */
export interface StagedTable {
  /** Catalogue, schema and name as the text's binder resolved them. */
  readonly path: readonly [catalog: string, schema: string, name: string];
  readonly fragment: FragmentId;
  /** All columns of the table in order; one that the text does not read has no counterpart in the fragment and is NULL. */
  readonly columns: readonly StagedColumn[];
}

export interface StagedColumn {
  readonly name: string;
  readonly type: Column['type'];
  /** The fragment's column that fills it. */
  readonly from?: ColumnId;
}

/** The part of a plan that one source runs. */
export interface Fragment {
  readonly id: FragmentId;
  readonly sourceId: string;
  /** The subtree, with `in-key-set` predicates where key sets may cut it. */
  readonly relation: Rel;
  readonly columns: readonly Column[];
  /** What the source says it will do with `relation`. */
  readonly remote: RemoteQueryPlan;
  readonly estimate: SizeEstimate;
  /** Where the estimate's figures come from: the least certain of its tables. */
  readonly statistics: StatisticsOrigin;
}

/**
 * A part of the residual that DuckDB evaluates once, into a table: a key set and the join that it comes from read the same
 * rows of it.
 */
export interface HeldRelation {
  /** `Remote` leaves name it as they name fragments. */
  readonly id: FragmentId;
  /** A relation over `Remote` leaves. */
  readonly relation: Rel;
  readonly columns: readonly Column[];
}

/**
 * A dynamic filter: the distinct values of `keys` in `producer`, sent to `consumer`. It only ever removes rows that the
 * residual's join would remove, so the executor may drop it when the keys turn out too many.
 */
export interface KeySetEdge {
  readonly id: KeySetId;
  /** A relation over `Remote` leaves whose `keys` columns are the key values. */
  readonly producer: Rel;
  readonly keys: readonly ColumnId[];
  readonly keyColumns: readonly Column[];
  readonly consumer: FragmentId;
  /** More distinct keys than this are not sent. */
  readonly maxKeys: number;
  /** Whether an empty key set proves that the consumer yields nothing (always, for inner and semi joins). */
  readonly emptySkips: boolean;
  /** Estimated distinct keys, and the consumer's rows without and with them. */
  readonly estimate: { readonly keys: number; readonly rowsWithout: number; readonly rowsWith: number };
}
