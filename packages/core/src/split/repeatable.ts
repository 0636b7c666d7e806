import { type Aggregate, type Rel, exprsOf, isExactNumber, someRel, typeOf } from '@tributary/contract/plan';
import { isVolatile } from '../optimize/index.js';

/** Aggregates whose value does not hang on the order of their rows. */
const orderless: ReadonlySet<string> = new Set([
  'count',
  'count_star',
  'min',
  'max',
  'bool_and',
  'bool_or',
  'bit_and',
  'bit_or',
  'bit_xor',
]);
/** Those over whole numbers and decimals: sums of floats hang on their order. */
const exactSums: ReadonlySet<string> = new Set(['sum', 'sum_no_overflow', 'avg']);

/**
 * Whether DuckDB gives the same rows each time it evaluates the relation. The keys of a key set come from one evaluation of its
 * producer and the rows of the join from another, so both must be of the same rows. What a fragment fetched stays what it is.
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
      return !node.aggregates.every(isOrderless);
    default:
      return false;
  }
}

function isOrderless({ call }: Aggregate['aggregates'][number]): boolean {
  return (
    orderless.has(call.fn) || (exactSums.has(call.fn) && call.args.every((arg) => isExactNumber(typeOf(arg))))
  );
}
