import { outputIdsOf } from '../facts/output-ids.js';
import { isUnique, matchedColumns } from '../facts/keys.js';
import { nodeRule } from '../rule.js';

/** A scalar subquery grouped by its join keys cannot match twice: an ordinary left join does. */
export const singleToLeft = nodeRule(
  'single-to-left',
  'Turns the join of a scalar subquery that matches at most once into a left join.',
  (rel, ctx) => {
    if ((rel.kind !== 'join' && rel.kind !== 'dependent-join') || rel.type !== 'single') return rel;
    const matched = matchedColumns(rel.on, outputIdsOf(rel.right));
    return isUnique(rel.right, matched, ctx) ? { ...rel, type: 'left' } : rel;
  },
);
