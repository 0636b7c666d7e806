import { type Rel, mapInputs } from '@tributary/contract';
import { isNearlyOrderless } from '../facts/aggregate-order.js';
import type { Rule } from '../rule.js';

/** Drops ORDER BY below operators that do not keep an order. */
export const sortRemoval: Rule = {
  name: 'sort-removal',
  description: 'Removes sorting that nobody above can see.',
  apply: (rel) => remove(rel, true),
};

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
      return rel.aggregates.some((a) => !isNearlyOrderless(a.call) && a.call.orderBy === undefined);
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
