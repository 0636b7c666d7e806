import type { Column, ColumnId, Expr } from './expr.js';
import type { DataType } from './types.js';

/**
 * A relational operator. Immutable plain data; columns are named by ids that are unique in the whole plan,
 * so a rule can move, drop or duplicate subtrees without renumbering references. (A rule that *duplicates*
 * a subtree gives the copy fresh ids.)
 */
export type Rel =
  | Scan
  | Values
  | Filter
  | Project
  | Aggregate
  | Join
  | DependentJoin
  | DependentScan
  | SetOperation
  | Distinct
  | Window
  | Sort
  | Limit
  | With
  | CteRef
  | Remote;

/** A table of a source. Yields only `columns`, which may be empty (`count(*)`). */
export interface Scan {
  readonly kind: 'scan';
  readonly source: string;
  /** Path of the table inside the source: `['public', 'orders']`. */
  readonly table: readonly string[];
  readonly columns: readonly ScanColumn[];
}

export interface ScanColumn extends Column {
  /** The column's name in the source. */
  readonly name: string;
  readonly nullable: boolean;
  readonly comparison: ComparisonFidelity;
}

/**
 * How far the source's comparison of a column's values agrees with the engine's (DuckDB: bytes for text):
 * - `ordered`: `=` and `<` agree (perhaps with a COLLATE that the dialect writes);
 * - `equality`: only `=`, `<>`, IN, grouping and DISTINCT agree;
 * - `none`: not even equality (case folding, padding), so the column may be read and tested for NULL, no more.
 */
export type ComparisonFidelity = 'ordered' | 'equality' | 'none';

/** Literal rows. No rows: the empty relation, which is what a contradiction becomes. */
export interface Values {
  readonly kind: 'values';
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Expr[])[];
}

export interface Filter {
  readonly kind: 'filter';
  readonly input: Rel;
  /** Conjuncts; a row passes when every one of them is true. Never empty. */
  readonly predicates: readonly Expr[];
}

export interface Project {
  readonly kind: 'project';
  readonly input: Rel;
  readonly columns: readonly ComputedColumn[];
}

export interface ComputedColumn extends Column {
  readonly expr: Expr;
}

export interface Aggregate {
  readonly kind: 'aggregate';
  readonly input: Rel;
  /** Group keys; with none the result is exactly one row. */
  readonly groups: readonly ComputedColumn[];
  /** Indexes into `groups`; absent for a plain GROUP BY of all of them. */
  readonly groupingSets?: readonly (readonly number[])[];
  readonly aggregates: readonly AggregateColumn[];
  /** GROUPING(...) columns, by indexes into `groups`. */
  readonly groupingFunctions?: readonly (Column & { readonly args: readonly number[] })[];
}

export interface AggregateColumn extends Column {
  readonly call: AggregateCall;
}

/** An aggregate by DuckDB's name: `count_star`, `count`, `sum`, `avg`, `min`, `max`, ... */
export interface AggregateCall {
  readonly fn: string;
  readonly args: readonly Expr[];
  readonly distinct: boolean;
  readonly filter?: Expr;
  readonly orderBy?: readonly SortKey[];
  readonly type: DataType;
}

/**
 * - `semi`/`anti` yield the left columns only; `anti` is NOT EXISTS: a NULL comparison does not exclude a row.
 * - `mark` yields the left columns and `mark`: true, false or NULL as `left IN (right)` would be.
 * - `single` is a left join whose right side yields at most one match per left row (a scalar subquery).
 */
export type JoinType = 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti' | 'mark' | 'single';

export interface Join {
  readonly kind: 'join';
  readonly type: JoinType;
  readonly left: Rel;
  readonly right: Rel;
  /** Conjuncts over both sides' columns. Empty: every pair matches. */
  readonly on: readonly Expr[];
  /** Present exactly when `type` is `mark`. */
  readonly mark?: Column;
}

/**
 * A join whose right side may read, through `DependentScan`, the distinct values of `correlated` columns of the left
 * (DuckDB's delim join: the general form of a correlated subquery).
 */
export interface DependentJoin {
  readonly kind: 'dependent-join';
  readonly id: number;
  readonly type: JoinType;
  readonly left: Rel;
  readonly right: Rel;
  readonly on: readonly Expr[];
  readonly correlated: readonly Expr[];
  readonly mark?: Column;
}

/** The distinct values of the correlated columns of the enclosing `DependentJoin` with the same id. */
export interface DependentScan {
  readonly kind: 'dependent-scan';
  readonly join: number;
  readonly columns: readonly Column[];
}

export interface SetOperation {
  readonly kind: 'set-operation';
  readonly op: 'union' | 'except' | 'intersect';
  readonly all: boolean;
  /** Two or more (`union`), else exactly two. */
  readonly inputs: readonly Rel[];
  readonly columns: readonly Column[];
  /** Per input, the ids of its columns that feed `columns`, in order. */
  readonly feeds: readonly (readonly ColumnId[])[];
}

/** DISTINCT over all columns, or DISTINCT ON expressions (the first row in `orderBy` order). */
export interface Distinct {
  readonly kind: 'distinct';
  readonly input: Rel;
  readonly on?: readonly Expr[];
  readonly orderBy?: readonly SortKey[];
}

export interface Window {
  readonly kind: 'window';
  readonly input: Rel;
  readonly functions: readonly (Column & { readonly call: WindowCall })[];
}

export interface WindowCall {
  readonly fn: string;
  readonly args: readonly Expr[];
  readonly distinct: boolean;
  readonly ignoreNulls: boolean;
  readonly filter?: Expr;
  readonly partitionBy: readonly Expr[];
  readonly orderBy: readonly SortKey[];
  readonly frame: WindowFrame;
  readonly type: DataType;
}

export interface WindowFrame {
  readonly unit: 'rows' | 'range' | 'groups';
  readonly start: FrameBound;
  readonly end: FrameBound;
  readonly exclude: 'no-others' | 'current-row' | 'group' | 'ties';
}

export type FrameBound =
  | { readonly kind: 'unbounded-preceding' | 'unbounded-following' | 'current-row' }
  | { readonly kind: 'preceding' | 'following'; readonly offset: Expr };

/** Direction and place of NULLs are always explicit: defaults differ between engines. */
export interface SortKey {
  readonly expr: Expr;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

export interface Sort {
  readonly kind: 'sort';
  readonly input: Rel;
  readonly keys: readonly SortKey[];
}

/** LIMIT/OFFSET; over a `Sort` it is a top-N. */
export interface Limit {
  readonly kind: 'limit';
  readonly input: Rel;
  /** Row count: a literal or a parameter. */
  readonly limit?: Expr;
  readonly offset?: Expr;
}

/** A CTE that is read more than once: `definition` runs once. */
export interface With {
  readonly kind: 'with';
  readonly id: number;
  readonly name: string;
  readonly definition: Rel;
  readonly body: Rel;
}

export interface CteRef {
  readonly kind: 'cte-ref';
  readonly cte: number;
  readonly columns: readonly Column[];
  /** Per column, the id of the definition's column it repeats. */
  readonly feeds: readonly ColumnId[];
}

/** A fragment's result, seen from the residual: a leaf that stands for what a source returns. */
export interface Remote {
  readonly kind: 'remote';
  readonly fragment: string;
  readonly columns: readonly Column[];
}
