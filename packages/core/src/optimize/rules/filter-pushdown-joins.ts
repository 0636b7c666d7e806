import { type Expr, type JoinType, type Rel, outputOf } from '@tributary/contract';
import { outputIdsOf } from '../facts/output-ids.js';
import { unique } from '../expressions/simplify-logic.js';
import { rejectsNulls } from '../facts/nullability.js';
import { filtered, partition, readsOnly } from '../facts/predicates.js';
import { isVolatile } from '../facts/volatility.js';

type AnyJoin = Rel & { readonly kind: 'join' | 'dependent-join' };
type Push = (rel: Rel, predicates: readonly Expr[]) => Rel;

/**
 * Filters above a join, and the join's own conditions, to the sides that they may go to. A filter that no row padded
 * with NULLs can pass turns an outer join into a stricter one first.
 */
export function pushIntoJoin(join: AnyJoin, predicates: readonly Expr[], push: Push): Rel {
  const rel = strengthen(join, predicates);
  const leftIds = outputIdsOf(rel.left);
  const rightIds = outputIdsOf(rel.right);
  const onLeft = (p: Expr): boolean => !isVolatile(p) && readsOnly(p, leftIds);
  const onRight = (p: Expr): boolean => !isVolatile(p) && readsOnly(p, rightIds);
  const reach = reachOf(rel.type);

  // A key set is a filter, never a condition: over both sides it stays above.
  const isCondition = (p: Expr): boolean =>
    reach.filterIsCondition && (p.kind !== 'in-key-set' || onLeft(p) || onRight(p));
  const [asConditions, above] = partition(predicates, isCondition);
  const conditions = asConditions.length === 0 ? rel.on : unique([...rel.on, ...asConditions]);
  const [filterLeft, notLeft] = partition(above, (p) => reach.filterLeft && onLeft(p));
  const [filterRight, rest] = partition(notLeft, (p) => reach.filterRight && onRight(p));
  const conditionLeft = conditions.filter((p) => reach.conditionLeft && onLeft(p));
  // A condition without columns goes to both sides: where it fails, neither is read.
  const conditionRight = conditions.filter((p) => reach.conditionRight && onRight(p));
  const on = conditions.filter((p) => !conditionLeft.includes(p) && !conditionRight.includes(p));

  const left = push(rel.left, [...filterLeft, ...conditionLeft]);
  const right = push(rel.right, [...filterRight, ...conditionRight]);
  const same = left === rel.left && right === rel.right && on.length === rel.on.length;
  const moved = same && on.every((p, i) => p === rel.on[i]) ? rel : { ...rel, left, right, on };
  return filtered(moved, rest);
}

interface Reach {
  /** Filters above are as good as join conditions. */
  readonly filterIsCondition: boolean;
  readonly filterLeft: boolean;
  readonly filterRight: boolean;
  readonly conditionLeft: boolean;
  readonly conditionRight: boolean;
}

const nowhere: Reach = {
  filterIsCondition: false,
  filterLeft: false,
  filterRight: false,
  conditionLeft: false,
  conditionRight: false,
};

/** Where filters and conditions may go: never into a side whose rows are kept for want of a match. */
function reachOf(type: JoinType): Reach {
  switch (type) {
    case 'inner':
      return { ...nowhere, filterIsCondition: true, conditionLeft: true, conditionRight: true };
    case 'left':
    case 'single':
      return { ...nowhere, filterLeft: true, conditionRight: true };
    case 'right':
      return { ...nowhere, filterRight: true, conditionLeft: true };
    case 'semi':
      return { ...nowhere, filterLeft: true, conditionLeft: true, conditionRight: true };
    case 'anti':
      return { ...nowhere, filterLeft: true, conditionRight: true };
    case 'mark':
      return { ...nowhere, filterLeft: true };
    case 'full':
      return nowhere;
  }
}

/** The stricter join that the filters above leave of an outer one. */
function strengthen(rel: AnyJoin, predicates: readonly Expr[]): AnyJoin {
  const type = strengthened(rel, predicates);
  return type === rel.type ? rel : { ...rel, type };
}

function strengthened(rel: AnyJoin, predicates: readonly Expr[]): JoinType {
  const rejects = (side: Rel): boolean =>
    predicates.some((p) => !isVolatile(p) && rejectsNulls(p, outputOf(side)));
  switch (rel.type) {
    case 'left':
      return rejects(rel.right) ? 'inner' : 'left';
    case 'right':
      return rejects(rel.left) ? 'inner' : 'right';
    case 'full': {
      const left = rejects(rel.left);
      const right = rejects(rel.right);
      if (left && right) return 'inner';
      if (left) return 'left';
      return right ? 'right' : 'full';
    }
    case 'inner':
    case 'semi':
    case 'anti':
    case 'mark':
    case 'single':
      return rel.type;
  }
}
