import { outputIds } from '@tributary/contract';
import { isUnique, matchedColumns } from '../facts/keys.js';
import { nodeRule } from '../rule.js';

/** A scalar subquery grouped by its join keys cannot match twice: an ordinary left join does. */
export const singleToLeft = nodeRule(
  'single-to-left',
  'Turns the join of a scalar subquery that matches at most once into a left join.',
  (rel, ctx) => {
    if ((rel.kind !== 'join' && rel.kind !== 'dependent-join') || rel.type !== 'single') return rel;
    const matched = matchedColumns(rel.on, outputIds(rel.right));
    return isUnique(rel.right, matched, ctx) ? { ...rel, type: 'left' } : rel;
  },
);
