import {
  type ColumnId,
  type Comparison,
  type DependentJoin,
  type DependentScan,
  type Expr,
  type JoinType,
  type Rel,
  columnRef,
  columnsOf,
  mapInputs,
  outputOf,
  plain,
  sameType,
  substitute,
  typeOf,
} from '@tributary/contract';
import { isSameExpr } from '../facts/expression-key.js';
import { outputIdsOf } from '../facts/output-ids.js';
import { innerGroup, joinInOrder } from '../facts/inner-group.js';
import { isNonNull, nonNullColumns } from '../facts/nullability.js';
import { filtered } from '../facts/predicates.js';

/**
 * Replaces each dependent scan that is inner-joined on equality with all its columns. What it held back are rows of
 * other correlated values: they match no row of the left side, because the join above compares the same columns.
 */
export function removeScans(rel: DependentJoin): DependentJoin {
  if (!dropsUnmatched(rel.type) || !comparesAll(rel)) return rel;
  const right = remove(rel.right, rel.id);
  return right === rel.right ? rel : { ...rel, right };
}

function dropsUnmatched(type: JoinType): boolean {
  return type !== 'right' && type !== 'full';
}

/** Whether the join compares every correlated column with the subquery's copy of it. */
function comparesAll(rel: DependentJoin): boolean {
  return rel.correlated.every((column) =>
    rel.on.some(
      (c) =>
        c.kind === 'compare' &&
        (c.op === 'is-not-distinct' || c.op === '=') &&
        (isSameExpr(c.left, column) || isSameExpr(c.right, column)),
    ),
  );
}

function remove(rel: Rel, join: number): Rel {
  if (rel.kind === 'join' && rel.type === 'inner') {
    const group = innerGroup(rel);
    const at = group.members.findIndex((m) => m.kind === 'dependent-scan' && m.join === join);
    const scan = group.members[at];
    if (scan?.kind === 'dependent-scan') {
      const others = group.members.filter((_, i) => i !== at);
      const replaced = replaceScan(scan, others, group.on, rel);
      if (replaced !== undefined) return remove(replaced, join);
    }
  }
  return mapInputs(rel, (input) => remove(input, join));
}

/** The group without the scan, its columns computed from those that they equal. */
function replaceScan(
  scan: DependentScan,
  others: readonly Rel[],
  on: readonly Expr[],
  original: Rel,
): Rel | undefined {
  const available = others.reduce((ids, other) => ids.union(outputIdsOf(other)), new Set<ColumnId>());
  const values = new Map<ColumnId, Expr>();
  const used: Expr[] = [];
  for (const column of scan.columns) {
    const match = on.find((c) => equalTo(c, column.id, available) !== undefined);
    const value = match === undefined ? undefined : equalTo(match, column.id, available);
    if (match === undefined || value === undefined || !sameType(typeOf(value), column.type)) return undefined;
    values.set(column.id, value);
    used.push(match);
  }
  const rest = on.filter((c) => !used.includes(c)).map((c) => substitute(c, values));
  const joined = joinInOrder(others, rest);
  if (joined === undefined) return undefined;
  const known = nonNullColumns(joined);
  // `=` never matched a NULL; IS NOT DISTINCT FROM did.
  const present = used.flatMap((c): readonly Expr[] => {
    const value = equalTo(c, undefined, available);
    const strict = c.kind === 'compare' && c.op === '=';
    return !strict || value === undefined || isNonNull(value, known)
      ? []
      : [{ kind: 'is-null', arg: value, negated: true }];
  });
  return {
    kind: 'project',
    input: filtered(joined, present),
    columns: outputOf(original).map((c) => ({ ...plain(c), expr: values.get(c.id) ?? columnRef(c) })),
  };
}

/** The other side of an equality with the column (any column outside `available`), when `available` can compute it. */
function equalTo(
  condition: Expr,
  column: ColumnId | undefined,
  available: ReadonlySet<ColumnId>,
): Expr | undefined {
  if (condition.kind !== 'compare' || !isEquality(condition)) return undefined;
  const { left, right } = condition;
  const is = (e: Expr): boolean =>
    e.kind === 'column' && (column === undefined ? !available.has(e.id) : e.id === column);
  if (is(left) && columnsOf(right).isSubsetOf(available)) return right;
  return is(right) && columnsOf(left).isSubsetOf(available) ? left : undefined;
}

function isEquality(condition: Comparison): boolean {
  return condition.op === '=' || condition.op === 'is-not-distinct';
}
