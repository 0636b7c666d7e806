import type { Rel } from '@tributary/contract';
import type { OptimizeContext } from './context.js';
import type { Rule } from './rule.js';
import { decorrelate } from './rules/decorrelate.js';
import { emptyRelations } from './rules/empty-relations.js';
import { filterPushdown } from './rules/filter-pushdown.js';
import { inlineCtes } from './rules/inline-ctes.js';
import { markToSemi } from './rules/mark-to-semi.js';
import { mergeProjections } from './rules/merge-projections.js';
import { pruneColumns } from './rules/prune-columns.js';
import { scalarGuard } from './rules/scalar-guard.js';
import { simplifyExpressions } from './rules/simplify-expressions.js';
import { singleToLeft } from './rules/single-to-left.js';

/** Rules that run together until none of them changes the plan. */
interface Phase {
  readonly rules: readonly Rule[];
  /** Rounds at most: no rule set should need them all, a plan stays right if it does. */
  readonly rounds: number;
}

const phases: readonly Phase[] = [
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
  { rules: [pruneColumns, mergeProjections], rounds: 3 },
];

/** Every rule, in the order of its first phase. */
export const rules: readonly Rule[] = [...new Set(phases.flatMap((phase) => phase.rules))];

/** A plan of the same rows, column ids and column order that asks less of the sources. */
export function optimize(rel: Rel, ctx: OptimizeContext): Rel {
  return phases.reduce((plan, phase) => runPhase(plan, phase, ctx), rel);
}

function runPhase(rel: Rel, phase: Phase, ctx: OptimizeContext): Rel {
  const active = phase.rules.filter((rule) => ctx.disabledRules?.has(rule.name) !== true);
  let plan = rel;
  for (let round = 0; round < phase.rounds; round += 1) {
    const before = plan;
    for (const rule of active) plan = rule.apply(plan, ctx);
    if (plan === before) break;
  }
  return plan;
}
