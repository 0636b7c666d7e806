import type { ComparisonOp, DataType, Expr, KeySetId, Literal, TypeId, WindowCall } from '../plan/index.js';

/**
 * How one SQL database says things, and by omission what it may not be asked: an expression, type or literal for which
 * the dialect has no exact rendering is never pushed. Each function returns SQL text, or undefined where this
 * database would answer differently from the engine.
 *
 * Text returned for an operator is parenthesised, so that it can stand anywhere.
 */
export interface SqlDialect {
  readonly name: string;
  readonly quoteIdentifier: (name: string) => string;
  readonly literal: (literal: Literal) => string | undefined;
  /** The type's name for CAST and typed NULLs. */
  readonly typeName: (type: DataType) => string | undefined;
  /** A placeholder, `position` counted from 1; where the database infers types, with a cast. */
  readonly placeholder: (position: number, type: DataType) => string | undefined;
  readonly cast: (arg: string, from: DataType, to: DataType, tryCast: boolean) => string | undefined;
  /** A comparison of two operands of the same type, with whatever collation the operator needs. */
  readonly comparison: (op: ComparisonOp, left: string, right: string, type: DataType) => string | undefined;
  /**
   * A literal that is compared with a value of its own type, where a form shorter than `literal`'s is as exact
   * (`5` for `5::BIGINT`). Absent or undefined: `literal`.
   */
  readonly comparand?: (literal: Literal) => string | undefined;
  /** Scalar functions and operators by DuckDB's name. */
  readonly functions: RuleTable<FunctionRule>;
  readonly aggregates: RuleTable<AggregateRule>;
  /** Window functions by DuckDB's name; absent: none. Aggregates as windows follow `aggregates`. */
  readonly windowFunctions?: RuleTable<FunctionRule>;
  /** A window function's call (`lag(x)`) with IGNORE NULLS in the database's place for it; absent: not to be had. */
  readonly ignoreNulls?: (call: string) => string | undefined;
  /** Whether GROUP BY, DISTINCT and set operations treat values of the type as the engine does. */
  readonly groupable: (type: DataType) => boolean;
  readonly sortKey: (
    sql: string,
    type: DataType,
    descending: boolean,
    nullsFirst: boolean,
  ) => string | undefined;
  /** The clause for LIMIT/OFFSET, for example `LIMIT 10 OFFSET 3`. */
  readonly limit: (limit: string | undefined, offset: string | undefined) => string;
  /**
   * Membership in a key set. `placeholders` holds one array parameter per key column; those not used are not bound.
   * Absent: key sets are not pushed, unless the renderer is given relations that hold them.
   */
  readonly keySet?: (
    args: readonly string[],
    placeholders: readonly string[],
    types: readonly DataType[],
    keySet: KeySetId,
  ) => string;
  /** The placeholder of one key column's array, for example `$1::bigint[]`. */
  readonly keySetPlaceholder?: (position: number, type: DataType) => string | undefined;
  /**
   * Whether the database has SEMI JOIN and ANTI JOIN; `left`: written as LEFT SEMI JOIN and LEFT ANTI JOIN. Absent: EXISTS and
   * NOT EXISTS are written.
   */
  readonly nativeSemiJoin?: boolean | 'left';
  /**
   * Whether `(a, b) IN (SELECT …)` answers as the engine does where a column of a row is NULL: DuckDB then says NULL even for rows
   * that another column tells apart. Absent: only IN over one column is written.
   */
  readonly rowMembership?: boolean;
  /**
   * Whether the text keeps the order of joins: a join of joins on the right stands in parentheses; with `nested`, every join that
   * another joins is a sub-select of its own, through which a database that orders joins by itself does not reach. Absent: inner
   * joins become one chain.
   */
  readonly joinsAsWritten?: boolean | 'nested';
  /** Whether WITH has no `AS MATERIALIZED`; a plain `AS` is written then. */
  readonly plainCtes?: boolean;
  /** How rows of constants stand in FROM: `VALUES` with a list of column names (the default), or SELECTs with UNION ALL. */
  readonly literalRows?: 'values' | 'union-all';
  /** `false`: there is no LATERAL, so a correlated subquery in FROM is refused. */
  readonly lateral?: boolean;
  /** `false`: `x IN (SELECT … LIMIT …)` is not to be had as such (MySQL); the limited SELECT then stands in a FROM of its own. */
  readonly limitInMembership?: boolean;
  /** Whether the database has the call's frame (unit, exclusion, bounds) and clauses; absent: every one. */
  readonly windowCall?: (call: WindowCall) => boolean;
  /** Whether FULL JOIN works only with conjuncts `left column = right column` (PostgreSQL: merge- or hash-joinable). */
  readonly fullJoinNeedsEquality?: boolean;
  /** Whether left, full, semi and anti joins with conditions need an equality between their sides among them. */
  readonly joinsNeedEquality?: boolean;
  /** Whether HAVING without GROUP BY needs an aggregate in the SELECT list too (SQLite). */
  readonly havingNeedsAggregate?: boolean;
  /** Whether a column selected from a join keeps its name only with AS: without it ClickHouse calls `a.x` not `x` but `a.x`. */
  readonly columnsNeedAs?: boolean;
  /** Whether FROM takes joins in parentheses. Default: it does; else they become a sub-select. */
  readonly nestedJoins?: boolean;
  /** Whether a sub-select may read columns of the statement around it. Default: it may; else what needs that is refused. */
  readonly correlatedSubqueries?: boolean;
  /**
   * Whether `x IN (list)` answers as the chain of its equalities does (NULL where none holds and one is unknown); otherwise the
   * chain is written. Default: it does.
   */
  readonly plainInList?: (list: readonly Expr[]) => boolean;
}

/** Rules by DuckDB's function name: a map, or anything that looks names up. */
export type RuleTable<Rule> = Pick<ReadonlyMap<string, readonly Rule[]>, 'get'>;

/** Which argument types a rule takes: a type id, a class of types, or a test. */
export type TypePattern = TypeId | 'any' | 'any-integer' | 'any-number' | ((type: DataType) => boolean);

export interface CallContextInfo {
  readonly types: readonly DataType[];
  readonly result: DataType;
  /** The arguments unrendered, for rules that depend on literals (a LIKE pattern, a date part). */
  readonly args: readonly Expr[];
}

export interface FunctionRule {
  readonly args: readonly TypePattern[];
  /** The last pattern may repeat, or be absent. */
  readonly variadic?: boolean;
  readonly render: (args: readonly string[], call: CallContextInfo) => string | undefined;
}

export interface AggregateRule {
  readonly args: readonly TypePattern[];
  /** The last pattern may repeat, or be absent. */
  readonly variadic?: boolean;
  /** Whether the rule takes DISTINCT. */
  readonly distinct: boolean;
  /** Whether the rule heeds `orderBy`; without it an ordered aggregate is refused. */
  readonly ordered?: boolean;
  /**
   * Whether the rule heeds `over`, so that the aggregate can be a window function (`standardAggregate` does);
   * `with-distinct`: also together with DISTINCT.
   */
  readonly window?: boolean | 'with-distinct';
  readonly render: (args: readonly string[], call: AggregateContextInfo) => string | undefined;
}

export interface AggregateContextInfo extends CallContextInfo {
  readonly distinct: boolean;
  /** The rendered FILTER condition, when there is one. */
  readonly filter?: string;
  /** The rendered sort keys of the aggregate's own ORDER BY, when there is one. */
  readonly orderBy?: string;
  /** The rendered window, `OVER (…)`, when the aggregate is a window function. */
  readonly over?: string;
}

/** A value to send with a rendered statement, in placeholder order. */
export type Binding =
  | { readonly kind: 'parameter'; readonly name: string; readonly type: DataType }
  | { readonly kind: 'key-set'; readonly keySet: KeySetId; readonly column: number; readonly type: DataType };

/** A statement ready to send. */
export interface RenderedQuery {
  readonly sql: string;
  readonly bindings: readonly Binding[];
}

/** Why an expression or operator has no exact counterpart. */
export interface Refusal {
  /** Reason code for EXPLAIN. */
  readonly code: string;
  readonly why: string;
}
