import { type ColumnId, type Expr, conjunction, conjuncts } from '@tributary/contract';
import { outputIdsOf } from '../facts/output-ids.js';
import { simplify } from '../expressions/simplify.js';
import { disjunction } from '../expressions/simplify-logic.js';
import { filtered, readsOnly } from '../facts/predicates.js';
import { isVolatile } from '../facts/volatility.js';
import { nodeRule } from '../rule.js';

/**
 * `(a = 1 AND b = 2) OR (a = 3 AND b = 4)` over two sides also says `a IN (1, 3)` of the one and `b IN (2, 4)` of the
 * other: not the whole truth, but one that each source can use.
 */
export const deriveSideFilters = nodeRule(
  'derive-side-filters',
  'Takes from an OR over several relations what it says of each of them.',
  (rel) => {
    if (rel.kind !== 'join' || (rel.type !== 'inner' && rel.type !== 'semi')) return rel;
    const left = filtered(rel.left, derived(rel.on, outputIdsOf(rel.left)));
    const right = filtered(rel.right, derived(rel.on, outputIdsOf(rel.right)));
    return left === rel.left && right === rel.right ? rel : { ...rel, left, right };
  },
);

function derived(on: readonly Expr[], side: ReadonlySet<ColumnId>): readonly Expr[] {
  return on.flatMap((condition): readonly Expr[] => {
    if (condition.kind !== 'or' || isVolatile(condition) || readsOnly(condition, side)) return [];
    const branches = condition.args.map((arg) => conjuncts(arg).filter((c) => readsOnly(c, side)));
    if (branches.some((branch) => branch.length === 0)) return [];
    return conjuncts(simplify(disjunction(branches.map(conjunction))));
  });
}
