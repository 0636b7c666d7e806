import { type Expr, type Rel, falseLiteral } from '@tributary/contract';
import type { OptimizeContext } from '../context.js';
import { isContradiction, isWithin } from '../domain/domain.js';
import { type Domains, domainsOf, narrow, ofPredicate } from '../domain/relation-domains.js';
import { type Rule, nodeRule } from '../rule.js';

/**
 * Compares filters and join conditions with what is certain of their inputs (constraints, exact bounds, other filters):
 * what cannot hold empties the relation, what always holds is dropped.
 */
export const contradictions: Rule = nodeRule(
  'contradictions',
  'Finds filters that cannot hold, so that the source is never asked, and drops those that always do.',
  (rel, ctx) => {
    switch (rel.kind) {
      case 'filter':
        return checkFilter(rel, ctx);
      case 'join':
      case 'dependent-join':
        return checkJoin(rel, ctx);
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
        return rel;
    }
  },
);

function checkFilter(rel: Rel & { readonly kind: 'filter' }, ctx: OptimizeContext): Rel {
  const before = domainsOf(rel.input, ctx);
  if (hasContradiction(narrow(before, rel.predicates))) return { ...rel, predicates: [falseLiteral] };
  const predicates = rel.predicates.filter((p) => !alwaysHolds(p, before));
  if (predicates.length === rel.predicates.length) return rel;
  return predicates.length === 0 ? rel.input : { ...rel, predicates };
}

function checkJoin(rel: Rel & { readonly kind: 'join' | 'dependent-join' }, ctx: OptimizeContext): Rel {
  if (rel.type === 'mark' || rel.on.length === 0) return rel;
  const both: Domains = new Map([...domainsOf(rel.left, ctx), ...domainsOf(rel.right, ctx)]);
  return hasContradiction(narrow(both, rel.on)) ? { ...rel, on: [falseLiteral] } : rel;
}

function hasContradiction(domains: Domains): boolean {
  return [...domains.values()].some(isContradiction);
}

function alwaysHolds(predicate: Expr, before: Domains): boolean {
  if (!isExactlyItsDomain(predicate)) return false;
  const known = ofPredicate(predicate);
  const domain = known && before.get(known[0]);
  return known !== undefined && domain !== undefined && isWithin(domain, known[1]);
}

/** Whether the predicate is true of every value of its domain: `<>` and OR have holes that a domain does not show. */
function isExactlyItsDomain(predicate: Expr): boolean {
  return (
    (predicate.kind === 'compare' && predicate.op !== '<>') ||
    predicate.kind === 'in' ||
    predicate.kind === 'is-null'
  );
}
