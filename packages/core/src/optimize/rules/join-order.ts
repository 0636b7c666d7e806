import { type Rel, mapInputs, outputOf, pick, someRel, visitRel } from '@tributary/contract';
import { Estimator } from '../cardinality/estimate.js';
import type { OptimizeContext } from '../context.js';
import { innerGroup } from '../facts/inner-group.js';
import { type Placement, placementOf } from '../facts/placement.js';
import { filtered } from '../facts/predicates.js';
import { JoinGraph } from '../join-order/join-graph.js';
import { type Part, leafPart, orderJoins, smallestJoin } from '../join-order/order-joins.js';
import type { Rule } from '../rule.js';

/** Sets of members are bits of a 32-bit integer. */
const maxMembers = 30;

/**
 * Orders inner joins: first those that one source can do by itself, as long as they do not grow the data, so that they
 * become one remote query; then the rest, fewest rows first.
 */
export const joinOrder: Rule = {
  name: 'join-order',
  description:
    'Joins relations of one source with each other first, then the smallest results, products last.',
  apply: (rel, ctx) => {
    const ctes = new Map<number, Placement>();
    visitRel(rel, (r) => {
      if (r.kind === 'with') ctes.set(r.id, placementOf(r.definition, ctx, ctes));
    });
    return order(rel, { ctx, ctes, estimator: new Estimator(ctx, rel) });
  },
};

interface Scope {
  readonly ctx: OptimizeContext;
  readonly ctes: ReadonlyMap<number, Placement>;
  readonly estimator: Estimator;
}

function order(rel: Rel, scope: Scope): Rel {
  const group = innerGroup(rel);
  if (group.members.length < 3 || group.members.length > maxMembers) {
    return mapInputs(rel, (input) => order(input, scope));
  }
  const graph = new JoinGraph({ ...group, members: group.members.map((m) => order(m, scope)) });
  const parts = bySource(graph, scope);
  const whole = orderJoins(parts, graph, scope.estimator);
  if (whole === undefined) return rel;
  return pick(filtered(whole.rel, graph.constants()), outputOf(rel));
}

/** The members, those of one source joined with each other where that yields no more rows than the larger side. */
function bySource(graph: JoinGraph, scope: Scope): readonly Part[] {
  const byDomain = new Map<string, Part[]>();
  graph.members.forEach((member, i) => {
    const part = leafPart(graph, i, scope.estimator);
    const placement = placementOf(member, scope.ctx, scope.ctes);
    const joinsThere = placement.kind === 'domain' && !readsPlainSource(member, scope.ctx);
    const key = joinsThere ? `domain ${placement.domain}` : `alone ${i}`;
    if (part !== undefined) byDomain.set(key, [...(byDomain.get(key) ?? []), part]);
  });
  // With a single source every order is as good for pushing.
  if (byDomain.size === 1) return [...byDomain.values()].flat();
  return [...byDomain.values()].flatMap((parts) => mergeWithin(parts, graph, scope.estimator));
}

/** Files join nothing: where they stand in the order is a matter of rows alone. */
function readsPlainSource(rel: Rel, ctx: OptimizeContext): boolean {
  return someRel(rel, (r) => r.kind === 'scan' && ctx.info(r.source)?.capabilities.kind === 'plain');
}

function mergeWithin(parts: readonly Part[], graph: JoinGraph, estimator: Estimator): readonly Part[] {
  let open = parts;
  for (;;) {
    const next = smallestJoin(
      open,
      graph,
      estimator,
      ({ a, b, joined }) =>
        graph.equates(a.members, b.members) && joined.rows <= 1.2 * Math.max(a.rows, b.rows, 1),
    );
    if (next === undefined) return open;
    open = [...open.filter((p) => p !== next.a && p !== next.b), next.joined];
  }
}
