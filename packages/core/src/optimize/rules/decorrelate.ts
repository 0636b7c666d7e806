import { type Rel, someRel } from '@tributary/contract';
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
    return pullUpConditions(without) ?? without;
  },
);

function readsScan(rel: Rel, join: number): boolean {
  return someRel(rel, (r) => r.kind === 'dependent-scan' && r.join === join);
}
