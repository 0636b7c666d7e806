import type { DataType } from './types.js';

/** Identity of a column, unique within one query's plan: rules move expressions without renumbering them. */
export type ColumnId = number;

/** Identity of a key set (dynamic filter) within one query. */
export type KeySetId = string;

export interface Column {
  readonly id: ColumnId;
  /** The name the user would recognise; not unique. */
  readonly name: string;
  readonly type: DataType;
}

/**
 * A scalar expression. Plain data: serialisable, and equal expressions have equal JSON.
 *
 * Every implicit conversion is an explicit `cast`, as in DuckDB's bound plan, so no consumer guesses types.
 */
export type Expr =
  | ColumnRef
  | Literal
  | Parameter
  | Call
  | Comparison
  | Logical
  | Not
  | IsNull
  | InList
  | InKeySet
  | Case
  | Cast;

export interface ColumnRef {
  readonly kind: 'column';
  readonly id: ColumnId;
  readonly type: DataType;
}

/**
 * A constant in DuckDB's text form (`'2020-01-31'`, `'NaN'`, `'1.50'`, `'true'`), or null for NULL.
 * Text keeps 64-bit integers and decimals exact and the plan serialisable.
 */
export interface Literal {
  readonly kind: 'literal';
  readonly type: DataType;
  readonly value: string | null;
}

/** A query parameter, bound at execution: `name` is `'1'` for `$1` and `'since'` for `$since`. */
export interface Parameter {
  readonly kind: 'parameter';
  readonly name: string;
  readonly type: DataType;
}

/** A scalar function or operator by DuckDB's name for it (`+`, `~~` for LIKE, `lower`). */
export interface Call {
  readonly kind: 'call';
  readonly fn: string;
  readonly args: readonly Expr[];
  readonly type: DataType;
}

export type ComparisonOp = '=' | '<>' | '<' | '<=' | '>' | '>=' | 'is-distinct' | 'is-not-distinct';

export interface Comparison {
  readonly kind: 'compare';
  readonly op: ComparisonOp;
  readonly left: Expr;
  readonly right: Expr;
}

/** N-ary AND/OR in three-valued logic. */
export interface Logical {
  readonly kind: 'and' | 'or';
  readonly args: readonly Expr[];
}

export interface Not {
  readonly kind: 'not';
  readonly arg: Expr;
}

export interface IsNull {
  readonly kind: 'is-null';
  readonly arg: Expr;
  readonly negated: boolean;
}

export interface InList {
  readonly kind: 'in';
  readonly arg: Expr;
  readonly list: readonly Expr[];
  readonly negated: boolean;
}

/**
 * `(args) IN key set`: a dynamic filter whose values are known only once the fragment that yields them has run.
 * Only ever a conjunct of a filter; a NULL on either side does not match.
 */
export interface InKeySet {
  readonly kind: 'in-key-set';
  readonly keySet: KeySetId;
  readonly args: readonly Expr[];
}

export interface Case {
  readonly kind: 'case';
  readonly branches: readonly { readonly when: Expr; readonly then: Expr }[];
  readonly otherwise: Expr;
  readonly type: DataType;
}

export interface Cast {
  readonly kind: 'cast';
  readonly arg: Expr;
  readonly type: DataType;
  /** TRY_CAST: NULL where the conversion fails. */
  readonly try: boolean;
}

const boolean: DataType = { id: 'boolean' };

export function typeOf(expr: Expr): DataType {
  switch (expr.kind) {
    case 'column':
    case 'literal':
    case 'parameter':
    case 'call':
    case 'case':
    case 'cast':
      return expr.type;
    case 'compare':
    case 'and':
    case 'or':
    case 'not':
    case 'is-null':
    case 'in':
    case 'in-key-set':
      return boolean;
  }
}

export function columnRef(column: Column): ColumnRef {
  return { kind: 'column', id: column.id, type: column.type };
}

export function literal(type: DataType, value: string | null): Literal {
  return { kind: 'literal', type, value };
}

export const trueLiteral: Literal = literal(boolean, 'true');
export const falseLiteral: Literal = literal(boolean, 'false');

export function isTrue(expr: Expr): boolean {
  return expr.kind === 'literal' && expr.value === 'true' && expr.type.id === 'boolean';
}

/** False or NULL: as a filter it keeps no row. */
export function isFalseOrNull(expr: Expr): boolean {
  return (
    expr.kind === 'literal' && (expr.value === null || (expr.type.id === 'boolean' && expr.value === 'false'))
  );
}

export function compare(op: ComparisonOp, left: Expr, right: Expr): Comparison {
  return { kind: 'compare', op, left, right };
}

/** The operator that holds with the sides exchanged. */
export function flip(op: ComparisonOp): ComparisonOp {
  switch (op) {
    case '<':
      return '>';
    case '<=':
      return '>=';
    case '>':
      return '<';
    case '>=':
      return '<=';
    case '=':
    case '<>':
    case 'is-distinct':
    case 'is-not-distinct':
      return op;
  }
}

/** The conjuncts of a predicate: nested ANDs flattened, `true` dropped. */
export function conjuncts(expr: Expr): readonly Expr[] {
  if (expr.kind === 'and') return expr.args.flatMap(conjuncts);
  return isTrue(expr) ? [] : [expr];
}

/** One predicate of many conjuncts; `true` for none. */
export function conjunction(args: readonly Expr[]): Expr {
  const flat = args.flatMap(conjuncts);
  const [first] = flat;
  if (first === undefined) return trueLiteral;
  return flat.length === 1 ? first : { kind: 'and', args: flat };
}

/** The direct children of an expression. */
export function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'column':
    case 'literal':
    case 'parameter':
      return [];
    case 'call':
    case 'and':
    case 'or':
    case 'in-key-set':
      return expr.args;
    case 'compare':
      return [expr.left, expr.right];
    case 'not':
    case 'is-null':
    case 'cast':
      return [expr.arg];
    case 'in':
      return [expr.arg, ...expr.list];
    case 'case':
      return [...expr.branches.flatMap((b) => [b.when, b.then]), expr.otherwise];
  }
}

/** Rebuilds an expression with each direct child replaced; returns the same object when nothing changed. */
export function mapChildren(expr: Expr, fn: (child: Expr) => Expr): Expr {
  switch (expr.kind) {
    case 'column':
    case 'literal':
    case 'parameter':
      return expr;
    case 'call':
    case 'and':
    case 'or':
    case 'in-key-set': {
      const args = mapAll(expr.args, fn);
      return args === expr.args ? expr : { ...expr, args };
    }
    case 'compare': {
      const left = fn(expr.left);
      const right = fn(expr.right);
      return left === expr.left && right === expr.right ? expr : { ...expr, left, right };
    }
    case 'not':
    case 'is-null':
    case 'cast': {
      const arg = fn(expr.arg);
      return arg === expr.arg ? expr : { ...expr, arg };
    }
    case 'in': {
      const arg = fn(expr.arg);
      const list = mapAll(expr.list, fn);
      return arg === expr.arg && list === expr.list ? expr : { ...expr, arg, list };
    }
    case 'case': {
      const otherwise = fn(expr.otherwise);
      let changed = otherwise !== expr.otherwise;
      const branches = expr.branches.map((b) => {
        const when = fn(b.when);
        const then = fn(b.then);
        if (when === b.when && then === b.then) return b;
        changed = true;
        return { when, then };
      });
      return changed ? { ...expr, branches, otherwise } : expr;
    }
  }
}

/** Bottom-up rewrite: children first, then the node itself. */
export function rewriteExpr(expr: Expr, fn: (expr: Expr) => Expr): Expr {
  return fn(mapChildren(expr, (child) => rewriteExpr(child, fn)));
}

/** Whether any node of the expression satisfies the test. */
export function someExpr(expr: Expr, test: (expr: Expr) => boolean): boolean {
  return test(expr) || childrenOf(expr).some((child) => someExpr(child, test));
}

/** The columns an expression reads. */
export function columnsOf(expr: Expr, into: Set<ColumnId> = new Set()): Set<ColumnId> {
  if (expr.kind === 'column') into.add(expr.id);
  for (const child of childrenOf(expr)) columnsOf(child, into);
  return into;
}

/** Replaces column references; a column that the map does not hold stays. */
export function substitute(expr: Expr, replacements: ReadonlyMap<ColumnId, Expr>): Expr {
  return rewriteExpr(expr, (e) => (e.kind === 'column' ? (replacements.get(e.id) ?? e) : e));
}

/** Structural equality. */
export function sameExpr(a: Expr, b: Expr): boolean {
  return a === b || (a.kind === b.kind && JSON.stringify(a) === JSON.stringify(b));
}

/** Maps an array, returning the same array when every element stayed the same object. */
export function mapAll<T>(items: readonly T[], fn: (item: T) => T): readonly T[] {
  let changed = false;
  const mapped = items.map((item) => {
    const next = fn(item);
    if (next !== item) changed = true;
    return next;
  });
  return changed ? mapped : items;
}
