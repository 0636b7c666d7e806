import { type DependentJoin, type Rel, mapInputs, someRel } from '@tributary/contract';
import { nodeRule } from '../rule.js';
import { pullUpConditions } from './decorrelate-pull-up.js';
import { removeScans } from './decorrelate-scan.js';

/**
 * Removes dependent joins (correlated subqueries). A dependent scan that is joined on equality with all its columns
 * only repeats values that the other side has; one that stands directly below the join is the join's own left side.
 */
export const decorrelate = nodeRule(
  'decorrelate',
  'Turns correlated subqueries into plain joins and grouped aggregates.',
  (rel) => {
    if (rel.kind !== 'dependent-join') return rel;
    const without = removeScans(rel);
    if (!readsScan(without.right, without.id)) {
      const { id: _id, correlated: _correlated, ...join } = without;
      return { ...join, kind: 'join' };
    }
    return pullUpConditions(without) ?? openExistence(without);
  },
);

/** Where only existence counts, a nested semi join may as well be an inner join, whose conditions can move. */
function openExistence(rel: DependentJoin): DependentJoin {
  if (rel.type !== 'semi' && rel.type !== 'anti') return rel;
  const right = openSemiJoins(rel.right, rel.id);
  return right === rel.right ? rel : { ...rel, right };
}

function openSemiJoins(rel: Rel, join: number): Rel {
  if (rel.kind === 'project' || rel.kind === 'filter') {
    return mapInputs(rel, (input) => openSemiJoins(input, join));
  }
  if (rel.kind !== 'join' || !readsScan(rel.left, join)) return rel;
  if (rel.type !== 'semi' && rel.type !== 'inner') return rel;
  const left = openSemiJoins(rel.left, join);
  if (rel.type === 'semi') return { ...rel, type: 'inner', left };
  return left === rel.left ? rel : { ...rel, left };
}

function readsScan(rel: Rel, join: number): boolean {
  return someRel(rel, (r) => r.kind === 'dependent-scan' && r.join === join);
}
