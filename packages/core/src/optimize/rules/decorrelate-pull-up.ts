import {
  type Column,
  type ColumnId,
  type ComparisonOp,
  type DependentJoin,
  type Expr,
  type Join,
  type Rel,
  columnRef,
  columnsOf,
  outputOf,
  plain,
  someRel,
  substitute,
} from '@tributary/contract';
import { isSameExpr } from '../facts/expression-key.js';
import { outputIdsOf } from '../facts/output-ids.js';
import { innerGroup, joinInOrder } from '../facts/inner-group.js';
import { isNonNull, nonNullColumns } from '../facts/nullability.js';
import { isVolatile } from '../facts/volatility.js';

/** What stands between the dependent join and its scan: the scan's partner, conditions, and computed columns. */
interface Subquery {
  readonly partner: Rel;
  /** `left`: every correlated value has a row, matched or not. */
  readonly join: 'inner' | 'left';
  readonly on: readonly Expr[];
  readonly scanColumns: readonly Column[];
  /** Every column that the subquery computes, in terms of the partner's and the scan's. */
  readonly exprs: ReadonlyMap<ColumnId, Expr>;
}

/**
 * `L ⋈ π(X ⋈ scan)` with the scan's columns equal to L's is `π(L ⋈ X)`: the scan holds exactly one row for each row of
 * L, so L itself can stand for it.
 */
export function pullUpConditions(rel: DependentJoin): Rel | undefined {
  const subquery = takeApart(rel.right, rel.id);
  if (subquery === undefined || [...subquery.exprs.values()].some(isVolatile)) return undefined;
  const outer = outerValues(rel, subquery);
  if (outer === undefined) return undefined;
  const own = subquery.on.map((c) => substitute(c, outer.values));
  const further = outer.rest.map((c) => substitute(substitute(c, subquery.exprs), outer.values));
  const on = [...own, ...further];
  switch (rel.type) {
    case 'semi':
    case 'anti':
      return subquery.join === 'inner' ? plainJoin(rel, rel.type, subquery.partner, on) : undefined;
    case 'mark': {
      const known = nonNullColumns(rel.left).union(nonNullColumns(subquery.partner));
      const twoValued = own.every((c) => isNonNull(c, known));
      return subquery.join === 'inner' && twoValued
        ? plainJoin(rel, 'mark', subquery.partner, [...own.map(asGate), ...further])
        : undefined;
    }
    case 'inner':
      if (subquery.join === 'left' && further.length > 0) return undefined;
      return withColumns(rel, plainJoin(rel, subquery.join, subquery.partner, on), subquery, outer.values);
    case 'left':
    case 'single':
      // The scan's columns are NULL in unmatched rows, the left side's own are not.
      if (subquery.join === 'inner' || further.length > 0) return undefined;
      // The scan's row is always found: columns computed from NULLs (COUNT's 0) hold for unmatched rows too.
      return withColumns(rel, plainJoin(rel, rel.type, subquery.partner, on), subquery, outer.values);
    case 'right':
    case 'full':
      return undefined;
  }
}

/** A mark join tells by the operator which conditions pick rows and which ask for membership. */
function asGate(condition: Expr): Expr {
  return condition.kind === 'compare' && condition.op === '='
    ? { ...condition, op: 'is-not-distinct' }
    : condition;
}

function plainJoin(rel: DependentJoin, type: Join['type'], right: Rel, on: readonly Expr[]): Join {
  const mark = type === 'mark' && rel.mark !== undefined ? { mark: rel.mark } : {};
  return { kind: 'join', type, left: rel.left, right, on, ...mark };
}

function reads(expr: Expr, id: ColumnId): boolean {
  return columnsOf(expr).has(id);
}

/** The dependent join's columns over the plain join. */
function withColumns(
  rel: DependentJoin,
  join: Join,
  subquery: Subquery,
  outer: ReadonlyMap<ColumnId, Expr>,
): Rel {
  const columns = outputOf(rel).map((c) => ({
    ...plain(c),
    expr: substitute(subquery.exprs.get(c.id) ?? columnRef(c), outer),
  }));
  return { kind: 'project', input: join, columns };
}

/** Each scan column's value in terms of the left side, and the join's other conditions. */
function outerValues(
  rel: DependentJoin,
  subquery: Subquery,
): { readonly values: ReadonlyMap<ColumnId, Expr>; readonly rest: readonly Expr[] } | undefined {
  const values = new Map<ColumnId, Expr>();
  subquery.scanColumns.forEach((column, i) => {
    const value = rel.correlated[i];
    if (value !== undefined) values.set(column.id, value);
  });
  if (values.size !== subquery.scanColumns.length) return undefined;
  const compared = new Set<ColumnId>();
  const rest = rel.on.filter((c) => {
    const id = scanColumnCompared(c, subquery, values);
    if (id !== undefined) compared.add(id);
    return id === undefined;
  });
  return compared.size === values.size ? { values, rest } : undefined;
}

/** The scan column that the condition equates with its own correlated expression. */
function scanColumnCompared(
  condition: Expr,
  subquery: Subquery,
  values: ReadonlyMap<ColumnId, Expr>,
): ColumnId | undefined {
  if (condition.kind !== 'compare' || !isEquality(condition.op)) return undefined;
  for (const [mine, other] of [
    [condition.left, condition.right],
    [condition.right, condition.left],
  ]) {
    if (mine === undefined || other?.kind !== 'column') continue;
    const expr = subquery.exprs.get(other.id) ?? other;
    const value = expr.kind === 'column' ? values.get(expr.id) : undefined;
    if (expr.kind === 'column' && value !== undefined && isSameExpr(value, mine)) {
      return expr.id;
    }
  }
  return undefined;
}

function isEquality(op: ComparisonOp): boolean {
  return op === '=' || op === 'is-not-distinct';
}

function takeApart(rel: Rel, join: number): Subquery | undefined {
  if (rel.kind === 'project') {
    const inner = takeApart(rel.input, join);
    if (inner === undefined) return undefined;
    const exprs = new Map(inner.exprs);
    for (const c of rel.columns) exprs.set(c.id, substitute(c.expr, inner.exprs));
    return { ...inner, exprs };
  }
  const isScan = (r: Rel): boolean => r.kind === 'dependent-scan' && r.join === join;
  if (rel.kind === 'join' && rel.type === 'left') {
    return isScan(rel.left) ? free(rel.left, rel.right, 'left', rel.on, join) : undefined;
  }
  if (isScan(rel)) return undefined;
  const group = innerGroup(rel);
  const scan = group.members.find(isScan);
  if (scan === undefined) return undefined;
  const scanIds = outputIdsOf(scan);
  const [own, between] = [
    group.on.filter((c) => !touches(c, scanIds)),
    group.on.filter((c) => touches(c, scanIds)),
  ];
  const partner = joinInOrder(
    group.members.filter((m) => m !== scan),
    own,
  );
  return partner === undefined ? undefined : free(scan, partner, 'inner', between, join);
}

/** The subquery, if its scan occurs nowhere else in it. */
function free(
  scan: Rel,
  partner: Rel,
  type: 'inner' | 'left',
  on: readonly Expr[],
  join: number,
): Subquery | undefined {
  if (someRel(partner, (r) => r.kind === 'dependent-scan' && r.join === join)) return undefined;
  return { partner, join: type, on, scanColumns: outputOf(scan), exprs: new Map() };
}

function touches(expr: Expr, ids: ReadonlySet<ColumnId>): boolean {
  return [...ids].some((id) => reads(expr, id));
}
