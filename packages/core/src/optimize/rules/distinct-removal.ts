import { type Rel } from '@tributary/contract';
import { outputIdsOf } from '../facts/output-ids.js';
import { isUnique } from '../facts/keys.js';
import { nodeRule } from '../rule.js';

/** DISTINCT over rows that a key keeps apart, or where repeated rows make no difference. */
export const distinctRemoval = nodeRule(
  'distinct-removal',
  'Removes DISTINCT where the rows are unique already or repetition does not matter.',
  (rel, ctx) => {
    if (rel.kind === 'distinct') {
      return rel.on === undefined && isUnique(rel.input, outputIdsOf(rel.input), ctx) ? rel.input : rel;
    }
    if ((rel.kind === 'join' || rel.kind === 'dependent-join') && onlyExistenceCounts(rel)) {
      const { right } = rel;
      return right.kind === 'distinct' && right.on === undefined ? { ...rel, right: right.input } : rel;
    }
    return rel;
  },
);

function onlyExistenceCounts(rel: Rel & { readonly kind: 'join' | 'dependent-join' }): boolean {
  return rel.type === 'semi' || rel.type === 'anti' || rel.type === 'mark';
}
