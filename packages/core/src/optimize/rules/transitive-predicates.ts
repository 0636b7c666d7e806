import {
  type ColumnId,
  type Expr,
  type JoinType,
  type Rel,
  columnsOf,
  sameType,
  substitute,
} from '@tributary/contract';
import { isSameExpr } from '../facts/expression-key.js';
import { outputIdsOf } from '../facts/output-ids.js';
import { filtered } from '../facts/predicates.js';
import { isQueryConstant } from '../facts/volatility.js';
import { type Rule, nodeRule } from '../rule.js';

/** `a.x = b.x AND a.x < 5` also cuts b: what a filter says of one side of an equality it says of the other. */
export const transitivePredicates: Rule = nodeRule(
  'transitive-predicates',
  'Copies filters on a column over the equalities of joins to the columns that equal it.',
  (rel) => {
    if (rel.kind !== 'join' && rel.kind !== 'dependent-join') return rel;
    const { toLeft, toRight } = directions(rel.type);
    if (!toLeft && !toRight) return rel;
    const leftIds = outputIdsOf(rel.left);
    let { left, right } = rel;
    for (const [a, b] of equalities(rel.on, leftIds)) {
      if (toRight) right = copied(a, b, left, right);
      if (toLeft) left = copied(b, a, right, left);
    }
    return left === rel.left && right === rel.right ? rel : { ...rel, left, right };
  },
);

/** Where a row without a partner is lost, a filter on the partner may be asked of the row itself. */
function directions(type: JoinType): { readonly toLeft: boolean; readonly toRight: boolean } {
  switch (type) {
    case 'inner':
    case 'semi':
      return { toLeft: true, toRight: true };
    case 'left':
    case 'single':
    case 'anti':
      return { toLeft: false, toRight: true };
    case 'right':
      return { toLeft: true, toRight: false };
    case 'full':
    case 'mark':
      return { toLeft: false, toRight: false };
  }
}

type ColumnExpr = Expr & { readonly kind: 'column' };

/** Pairs of a left and a right column that the conditions equate. */
function equalities(
  on: readonly Expr[],
  leftIds: ReadonlySet<ColumnId>,
): readonly (readonly [ColumnExpr, ColumnExpr])[] {
  return on.flatMap((c): readonly (readonly [ColumnExpr, ColumnExpr])[] => {
    if (c.kind !== 'compare' || c.op !== '=' || c.left.kind !== 'column' || c.right.kind !== 'column')
      return [];
    if (!sameType(c.left.type, c.right.type)) return [];
    const leftFirst = leftIds.has(c.left.id);
    return leftFirst === leftIds.has(c.right.id) ? [] : [leftFirst ? [c.left, c.right] : [c.right, c.left]];
  });
}

/** The target filtered by what the origin's filters say of `from`, said of `to`. */
function copied(from: ColumnExpr, to: ColumnExpr, origin: Rel, target: Rel): Rel {
  const said = constraintsOn(from.id, origin);
  if (said.length === 0) return target;
  const known = constraintsOn(to.id, target);
  const replacement = new Map<ColumnId, Expr>([[from.id, to]]);
  const fresh = said
    .map((p) => substitute(p, replacement))
    .filter((p) => !known.some((k) => isSameExpr(k, p)));
  return filtered(target, fresh);
}

/** Conjuncts that hold of the column in every row and read nothing else. */
function constraintsOn(id: ColumnId, rel: Rel): readonly Expr[] {
  switch (rel.kind) {
    case 'filter':
      return [...rel.predicates.filter((p) => concernsOnly(p, id)), ...constraintsOn(id, rel.input)];
    case 'project': {
      const expr = rel.columns.find((c) => c.id === id)?.expr;
      return expr?.kind === 'column' ? renamed(expr.id, id, rel.input, expr) : [];
    }
    case 'aggregate': {
      const expr = rel.groupingSets === undefined ? rel.groups.find((g) => g.id === id)?.expr : undefined;
      return expr?.kind === 'column' ? renamed(expr.id, id, rel.input, expr) : [];
    }
    case 'join':
    case 'dependent-join':
      return throughJoin(id, rel);
    case 'window':
    case 'distinct':
    case 'sort':
    case 'limit':
      return constraintsOn(id, rel.input);
    case 'with':
      return constraintsOn(id, rel.body);
    case 'scan':
    case 'values':
    case 'dependent-scan':
    case 'set-operation':
    case 'cte-ref':
    case 'remote':
      return [];
  }
}

function renamed(below: ColumnId, id: ColumnId, input: Rel, reference: ColumnExpr): readonly Expr[] {
  const replacement = new Map<ColumnId, Expr>([[below, { ...reference, id }]]);
  return constraintsOn(below, input).map((p) => substitute(p, replacement));
}

function throughJoin(id: ColumnId, rel: Rel & { readonly kind: 'join' | 'dependent-join' }): readonly Expr[] {
  const isLeft = outputIdsOf(rel.left).has(id);
  switch (rel.type) {
    case 'inner':
      return constraintsOn(id, isLeft ? rel.left : rel.right);
    case 'left':
    case 'single':
    case 'semi':
    case 'anti':
    case 'mark':
      return isLeft ? constraintsOn(id, rel.left) : [];
    case 'right':
      return isLeft ? [] : constraintsOn(id, rel.right);
    case 'full':
      return [];
  }
}

/** A comparison of the column alone with constants or parameters. */
function concernsOnly(predicate: Expr, id: ColumnId): boolean {
  const columns = columnsOf(predicate);
  if (columns.size !== 1 || !columns.has(id)) return false;
  switch (predicate.kind) {
    case 'compare':
      return (
        predicate.op !== 'is-distinct' &&
        predicate.op !== 'is-not-distinct' &&
        (isQueryConstant(predicate.left) || isQueryConstant(predicate.right))
      );
    case 'in':
      return predicate.arg.kind === 'column' && predicate.list.every(isQueryConstant);
    case 'or':
      return predicate.args.every((a) => concernsOnly(a, id));
    case 'call':
      return predicate.args[0]?.kind === 'column' && predicate.args.slice(1).every(isQueryConstant);
    case 'column':
    case 'literal':
    case 'parameter':
    case 'and':
    case 'not':
    case 'is-null':
    case 'in-key-set':
    case 'case':
    case 'cast':
      return false;
  }
}
