import { type ColumnId, type Expr, type Rel, columnsOf, mapInputs, substitute } from '@tributary/contract';
import { outputIdsOf } from '../facts/output-ids.js';
import { filtered, partition, readsOnly } from '../facts/predicates.js';
import { isVolatile } from '../facts/volatility.js';
import type { Rule } from '../rule.js';
import { pushIntoJoin } from './filter-pushdown-joins.js';

/** Moves every filter as near to the scans as it may go; a product with a condition over both sides becomes a join. */
export const filterPushdown: Rule = {
  name: 'filter-pushdown',
  description:
    'Moves filters through projections, joins, set operations, aggregates and windows towards the scans.',
  apply: (rel) => push(rel, []),
};

/** Relations whose filters are where they belong already. */
const settled = new WeakSet<Rel>();

/** The relation filtered by `predicates`, each of them as deep as it may go. */
function push(rel: Rel, predicates: readonly Expr[]): Rel {
  if (predicates.length > 0) return pushInto(rel, predicates);
  if (settled.has(rel)) return rel;
  const pushed = pushInto(rel, predicates);
  if (pushed === rel) settled.add(rel);
  return pushed;
}

function pushInto(rel: Rel, predicates: readonly Expr[]): Rel {
  const [fixed, movable] = partition(predicates, isVolatile);
  if (fixed.length > 0) return filtered(push(rel, movable), fixed);
  switch (rel.kind) {
    case 'filter':
      return pushThroughFilter(rel, predicates);
    case 'project':
      return pushThroughProject(rel, predicates);
    case 'aggregate':
      return pushThroughAggregate(rel, predicates);
    case 'window':
      return pushThroughWindow(rel, predicates);
    case 'distinct':
      return pushThroughDistinct(rel, predicates);
    case 'sort':
      return inside(rel, push(rel.input, predicates));
    case 'with': {
      const definition = push(rel.definition, []);
      const body = push(rel.body, predicates);
      return definition === rel.definition && body === rel.body ? rel : { ...rel, definition, body };
    }
    case 'set-operation':
      return pushIntoBranches(rel, predicates);
    case 'join':
    case 'dependent-join':
      return pushIntoJoin(rel, predicates, push);
    case 'limit':
      return filtered(inside(rel, push(rel.input, [])), predicates);
    case 'scan':
    case 'values':
    case 'dependent-scan':
    case 'cte-ref':
    case 'remote':
      return filtered(rel, predicates);
  }
}

function inside(rel: Rel, input: Rel): Rel {
  return mapInputs(rel, () => input);
}

function pushThroughFilter(rel: Rel & { readonly kind: 'filter' }, predicates: readonly Expr[]): Rel {
  const all = filtered(rel, predicates);
  const pushed = push(rel.input, all.kind === 'filter' ? all.predicates : predicates);
  // The same plan, rebuilt: keeping the object tells the driver that nothing moved.
  return predicates.length === 0 && isUnmoved(pushed, rel) ? rel : pushed;
}

function isUnmoved(pushed: Rel, rel: Rel & { readonly kind: 'filter' }): boolean {
  return (
    pushed.kind === 'filter' &&
    pushed.input === rel.input &&
    pushed.predicates.length === rel.predicates.length &&
    pushed.predicates.every((p, i) => p === rel.predicates[i])
  );
}

function pushThroughProject(rel: Rel & { readonly kind: 'project' }, predicates: readonly Expr[]): Rel {
  const exprs = new Map<ColumnId, Expr>(rel.columns.map((c) => [c.id, c.expr]));
  const [movable, fixed] = partition(
    predicates,
    (p) =>
      ![...columnsOf(p)].some((id) => {
        const expr = exprs.get(id);
        return expr !== undefined && isVolatile(expr);
      }),
  );
  const input = push(
    rel.input,
    movable.map((p) => substitute(p, exprs)),
  );
  return filtered(inside(rel, input), fixed);
}

/** A condition on group keys holds for a whole group or for none of it. */
function pushThroughAggregate(rel: Rel & { readonly kind: 'aggregate' }, predicates: readonly Expr[]): Rel {
  const everywhere = rel.groups.filter(
    (group, i) =>
      !isVolatile(group.expr) &&
      (rel.groupingSets === undefined || rel.groupingSets.every((s) => s.includes(i))),
  );
  const exprs = new Map<ColumnId, Expr>(everywhere.map((g) => [g.id, g.expr]));
  const ids = new Set(exprs.keys());
  // Without a key in every grouping set there is a row even for no input, so not even `false` may go below.
  const [movable, fixed] = partition(predicates, (p) => ids.size > 0 && readsOnly(p, ids));
  const input = push(
    rel.input,
    movable.map((p) => substitute(p, exprs)),
  );
  return filtered(inside(rel, input), fixed);
}

/** Whole partitions may go, single rows may not: they would be missing from the others' frames. */
function pushThroughWindow(rel: Rel & { readonly kind: 'window' }, predicates: readonly Expr[]): Rel {
  const [first = new Set<ColumnId>(), ...rest] = rel.functions.map(
    (f) => new Set(f.call.partitionBy.flatMap((e) => (e.kind === 'column' ? [e.id] : []))),
  );
  const shared = rest.reduce((common, ids) => common.intersection(ids), first);
  const [movable, fixed] = partition(predicates, (p) => readsOnly(p, shared));
  return filtered(inside(rel, push(rel.input, movable)), fixed);
}

function pushThroughDistinct(rel: Rel & { readonly kind: 'distinct' }, predicates: readonly Expr[]): Rel {
  const { on } = rel;
  const keys =
    on === undefined
      ? outputIdsOf(rel.input)
      : new Set(on.flatMap((e) => (e.kind === 'column' ? [e.id] : [])));
  const [movable, fixed] = partition(predicates, (p) => readsOnly(p, keys));
  return filtered(inside(rel, push(rel.input, movable)), fixed);
}

function pushIntoBranches(rel: Rel & { readonly kind: 'set-operation' }, predicates: readonly Expr[]): Rel {
  let branch = -1;
  return mapInputs(rel, (input) => {
    branch += 1;
    const feeds = rel.feeds[branch] ?? [];
    const exprs = new Map<ColumnId, Expr>(
      rel.columns.map((c, i) => [c.id, { kind: 'column', id: feeds[i] ?? c.id, type: c.type }]),
    );
    return push(
      input,
      predicates.map((p) => substitute(p, exprs)),
    );
  });
}
