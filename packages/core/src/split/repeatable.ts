import { type Rel, exprsOf, someRel } from '@tributary/contract/plan';
import { isOrderless, isVolatile } from '../optimize/index.js';

/**
 * Whether DuckDB gives the same rows each time it evaluates the relation. The keys of a key set come from one evaluation of its
 * producer and the rows of the join from another, so both must be of the same rows.
 */
export function isRepeatable(rel: Rel): boolean {
  return !someRel(rel, (node) => varies(node) || exprsOf(node).some(isVolatile));
}

function varies(node: Rel): boolean {
  switch (node.kind) {
    // Among rows that are equal in what orders them, any may come first.
    case 'limit':
    case 'window':
      return true;
    case 'distinct':
      return node.on !== undefined;
    case 'aggregate':
      return !node.aggregates.every(({ call }) => isOrderless(call));
    default:
      return false;
  }
}
