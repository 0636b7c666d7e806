import { type Join, type Rel, columnsOf, mapInputs } from '@tributary/contract';
import { outputIdsOf } from '../facts/output-ids.js';
import { Estimator } from '../cardinality/estimate.js';
import type { Rule } from '../rule.js';

/** Moves a semi or anti join below the joins under it, to the relation whose rows it tests, where that is less work. */
export const semiJoinPushdown: Rule = {
  name: 'semi-join-pushdown',
  description: 'Tests IN and EXISTS before the joins below them, where that leaves those joins fewer rows.',
  apply: (rel, ctx) => {
    const estimator = new Estimator(ctx, rel);
    const visit = (r: Rel): Rel => {
      const below = mapInputs(r, visit);
      return below.kind === 'join' && (below.type === 'semi' || below.type === 'anti')
        ? sink(below, estimator)
        : below;
    };
    return visit(rel);
  },
};

function sink(semi: Join, estimator: Estimator): Rel {
  const { left: joined } = semi;
  if (joined.kind !== 'join' || (joined.type !== 'inner' && joined.type !== 'left')) return semi;
  const side = testedSide(semi, joined);
  if (side === undefined) return semi;
  const tested = { ...semi, left: joined[side] };
  const early: Join = { ...joined, [side]: tested };
  if (work(early, tested, estimator) >= work(joined, semi, estimator)) return semi;
  return { ...joined, [side]: sink(tested, estimator) };
}

/** The side of the join that has all the columns the semi join reads on its left. */
function testedSide(semi: Join, joined: Join): 'left' | 'right' | undefined {
  const right = outputIdsOf(semi.right);
  const read = new Set(semi.on.flatMap((c) => [...columnsOf(c)]).filter((id) => !right.has(id)));
  if (read.isSubsetOf(outputIdsOf(joined.left))) return 'left';
  return joined.type === 'inner' && read.isSubsetOf(outputIdsOf(joined.right)) ? 'right' : undefined;
}

/** Rows that come out of the join, and rows that go into and out of the test. */
function work(join: Rel, semi: Join, estimator: Estimator): number {
  return estimator.rows(join) + estimator.rows(semi.left) + estimator.rows(semi);
}
