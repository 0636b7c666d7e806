import { type Rel, mapInputs } from '@tributary/contract';
import type { Rule } from '../rule.js';

/** Drops ORDER BY below operators that do not keep an order. */
export const sortRemoval: Rule = {
  name: 'sort-removal',
  description: 'Removes sorting that nobody above can see.',
  apply: (rel) => remove(rel, true),
};

/** Aggregates whose result does not depend on the order of their input. */
const orderless: ReadonlySet<string> = new Set([
  'count',
  'count_star',
  'sum',
  'avg',
  'min',
  'max',
  'bool_and',
  'bool_or',
  'bit_and',
  'bit_or',
  'bit_xor',
  'stddev_samp',
  'stddev_pop',
  'var_samp',
  'var_pop',
  'approx_count_distinct',
]);

/** `seen`: whether the order of the rows can be told from the result. */
function remove(rel: Rel, seen: boolean): Rel {
  if (rel.kind === 'sort' && !seen) return remove(rel.input, false);
  let input = -1;
  return mapInputs(rel, (below) => {
    input += 1;
    return remove(below, seesOrder(rel, input, seen));
  });
}

function seesOrder(rel: Rel, input: number, seen: boolean): boolean {
  switch (rel.kind) {
    case 'filter':
    case 'project':
      return seen;
    case 'limit':
      return true;
    case 'window':
      return seen || rel.functions.some((f) => f.call.orderBy.length === 0);
    case 'aggregate':
      return rel.aggregates.some((a) => !orderless.has(a.call.fn) && a.call.orderBy === undefined);
    case 'distinct':
      return rel.on !== undefined && rel.orderBy === undefined;
    case 'with':
      return seen && input === 1;
    case 'sort':
    case 'join':
    case 'dependent-join':
    case 'set-operation':
    case 'scan':
    case 'values':
    case 'dependent-scan':
    case 'cte-ref':
    case 'remote':
      return false;
  }
}
