import type { Rel } from '@tributary/contract';
import type { OptimizeContext } from './context.js';
import type { Rule } from './rule.js';
import { contradictions } from './rules/contradictions.js';
import { decorrelate } from './rules/decorrelate.js';
import { deriveSideFilters } from './rules/derive-side-filters.js';
import { distinctRemoval } from './rules/distinct-removal.js';
import { emptyRelations } from './rules/empty-relations.js';
import { filterPushdown } from './rules/filter-pushdown.js';
import { inlineCtes } from './rules/inline-ctes.js';
import { joinOrder } from './rules/join-order.js';
import { limitPushdown } from './rules/limit-pushdown.js';
import { markToSemi } from './rules/mark-to-semi.js';
import { mergeProjections } from './rules/merge-projections.js';
import { partialAggregation } from './rules/partial-aggregation.js';
import { pruneColumns } from './rules/prune-columns.js';
import { reduceAggregates } from './rules/reduce-aggregates.js';
import { scalarGuard } from './rules/scalar-guard.js';
import { semiJoinPushdown } from './rules/semi-join-pushdown.js';
import { simplifyExpressions } from './rules/simplify-expressions.js';
import { singleToLeft } from './rules/single-to-left.js';
import { sortRemoval } from './rules/sort-removal.js';
import { transitivePredicates } from './rules/transitive-predicates.js';

/** Rules that run together until none of them changes the plan. */
interface Phase {
  readonly rules: readonly Rule[];
  /** Rounds at most: no rule set should need them all, a plan stays right if it does. */
  readonly rounds: number;
}

const phases: readonly Phase[] = [
  // To plain joins with every filter where it belongs.
  {
    rules: [
      inlineCtes,
      simplifyExpressions,
      scalarGuard,
      emptyRelations,
      filterPushdown,
      markToSemi,
      decorrelate,
      singleToLeft,
      mergeProjections,
    ],
    rounds: 12,
  },
  { rules: [deriveSideFilters], rounds: 1 },
  { rules: [transitivePredicates, filterPushdown, simplifyExpressions, emptyRelations], rounds: 6 },
  // Apart from the copying of predicates, which would bring back what is dropped here.
  { rules: [contradictions, emptyRelations, simplifyExpressions], rounds: 3 },
  { rules: [distinctRemoval, sortRemoval, pruneColumns, limitPushdown, mergeProjections], rounds: 4 },
  {
    rules: [
      partialAggregation,
      reduceAggregates,
      joinOrder,
      mergeProjections,
      semiJoinPushdown,
      pruneColumns,
    ],
    rounds: 1,
  },
];

/** Every rule, in the order of its first phase. */
export const rules: readonly Rule[] = [...new Set(phases.flatMap((phase) => phase.rules))];

/** Which rules run. */
export interface RuleChoice {
  /** Names of rules to leave out. */
  readonly disabledRules?: ReadonlySet<string>;
  /** Rules to run in place of those of the same name: with a broken one, tests show that it would be noticed. */
  readonly replacedRules?: ReadonlyMap<string, Rule>;
}

/** A plan of the same rows, column ids and column order that asks less of the sources. */
export function optimize(rel: Rel, ctx: OptimizeContext & RuleChoice): Rel {
  return phases.reduce((plan, phase) => runPhase(plan, phase, ctx), rel);
}

function runPhase(rel: Rel, phase: Phase, ctx: OptimizeContext & RuleChoice): Rel {
  const active = phase.rules
    .filter((rule) => ctx.disabledRules?.has(rule.name) !== true)
    .map((rule) => ctx.replacedRules?.get(rule.name) ?? rule);
  let plan = rel;
  for (let round = 0; round < phase.rounds; round += 1) {
    const before = plan;
    for (const rule of active) plan = rule.apply(plan, ctx);
    if (plan === before) break;
  }
  return plan;
}
