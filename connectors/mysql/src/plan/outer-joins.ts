import {
  compare,
  columnsOf,
  type ColumnId,
  conjuncts,
  type Expr,
  falseLiteral,
  outputIds,
  type Rel,
  rewriteRel,
  simpleType,
  trueLiteral,
} from '@tributary/connector-sdk';
import { unmerged } from './unmerged.js';

/**
 * MySQL 8.0.31 keeps the rows without a key in the hash table of an outer join, under the key of no bytes: an empty text or a decimal
 * zero finds them (its bug 109211; inner, semi and anti joins leave such rows out). Only the keys of `=` are concerned: those of `<=>`
 * hold a byte that says whether there is a value. So no condition of an outer join may be an equality, or become one.
 */
export function withSafeOuterJoins(relation: Rel): Rel {
  return rewriteRel(relation, (node) => {
    if (node.kind !== 'join' && node.kind !== 'dependent-join') return node;
    if (node.type !== 'left' && node.type !== 'right' && node.type !== 'single') return node;
    const supplied = outputIds(node.type === 'right' ? node.left : node.right);
    const on = node.on.flatMap(conjuncts).flatMap((predicate) => withoutHashKey(predicate, supplied));
    // Merged, the filters of a LATERAL table would be the join's conditions.
    return node.kind === 'join' ? { ...node, on } : { ...node, on, right: unmerged(node.right) };
  });
}

/** What is true for the same rows, and no equality of two columns to the server. `supplied` is the side that may be missing. */
function withoutHashKey(predicate: Expr, supplied: ReadonlySet<ColumnId>): readonly Expr[] {
  if (columnsOf(predicate).size < 2) return [predicate];
  switch (predicate.kind) {
    case 'compare': {
      const { op, left, right } = predicate;
      if (op !== '=') return [predicate];
      // An index answers `<=>` as it does `=`, and what is asked of the supplied side only is done by its scan.
      const arg = [...columnsOf(left)].some((id) => supplied.has(id)) ? left : right;
      return [compare('is-not-distinct', left, right), { kind: 'is-null', arg, negated: true }];
    }
    case 'is-null':
    case 'case':
      return [predicate];
    // The server makes an equality of `NOT (a <> b)`, of `a IN (b)` and of `(a, 1) = (b, 1)`; it does not look into CASE.
    default:
      return [
        {
          kind: 'case',
          branches: [{ when: predicate, then: trueLiteral }],
          otherwise: falseLiteral,
          type: simpleType('boolean'),
        },
      ];
  }
}
