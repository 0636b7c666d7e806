import { type Expr, type Rel, mapExprs, mapInputs } from '@tributary/contract';
import { simplify, simplifyPredicates } from '../expressions/simplify.js';
import { nonNullColumns } from '../facts/nullability.js';
import type { Rule } from '../rule.js';

/** Folds constants and shortens expressions everywhere; filters and join conditions in the knowledge that NULL is false. */
export const simplifyExpressions: Rule = {
  name: 'simplify-expressions',
  description:
    'Folds constants, normalises comparisons, unwraps lossless casts and factors common conditions out of OR.',
  apply: (rel) => simplifyPlan(rel),
};

/** Relations in which there is nothing left to simplify: the rule runs again after every other. */
const simple = new WeakSet<Rel>();

export function simplifyPlan(rel: Rel): Rel {
  if (simple.has(rel)) return rel;
  const next = simplifyNode(mapInputs(rel, simplifyPlan));
  if (next === rel) simple.add(rel);
  return next;
}

function simplifyNode(rel: Rel): Rel {
  switch (rel.kind) {
    case 'filter':
      return simplifyFilter(rel);
    case 'join':
    case 'dependent-join':
      return simplifyJoin(rel);
    case 'scan':
    case 'values':
    case 'project':
    case 'aggregate':
    case 'dependent-scan':
    case 'set-operation':
    case 'distinct':
    case 'window':
    case 'sort':
    case 'limit':
    case 'with':
    case 'cte-ref':
    case 'remote':
      return simplifyAll(rel);
  }
}

function simplifyFilter(rel: Rel & { readonly kind: 'filter' }): Rel {
  const predicates = simplifyPredicates(rel.predicates, nonNullColumns(rel.input));
  if (predicates.length === 0) return rel.input;
  return predicates === rel.predicates ? rel : { ...rel, predicates };
}

function simplifyJoin(rel: Rel & { readonly kind: 'join' | 'dependent-join' }): Rel {
  // A mark is NULL where a condition is, so its conditions keep their exact value.
  if (rel.type === 'mark') return simplifyAll(rel);
  const known = nonNullColumns(rel.left).union(nonNullColumns(rel.right));
  const on = simplifyPredicates(rel.on, known);
  return on === rel.on ? rel : { ...rel, on };
}

function simplifyAll(rel: Rel): Rel {
  let changed = false;
  const next = mapExprs(rel, (expr: Expr) => {
    const simple = simplify(expr);
    if (simple !== expr) changed = true;
    return simple;
  });
  return changed ? next : rel;
}
