import type { Rel } from '@tributary/contract';
import type { OptimizeContext } from './context.js';
import { filterPushdown } from './rules/filter-pushdown.js';

export { Estimator } from './cardinality/estimate.js';
export type { OptimizeContext } from './context.js';
export { isOrderless } from './facts/aggregate-order.js';
export { isVolatile } from './facts/volatility.js';
export { foldConstants } from './expressions/fold-constants.js';
export { isLosslessCast } from './expressions/unwrap-cast.js';
export { optimize, rules } from './optimize.js';
export type { Rule } from './rule.js';
export { simplifyPlan } from './rules/simplify-expressions.js';

/** Moves every filter as deep as it may go, for filters that were added after `optimize`. */
export function pushDownFilters(rel: Rel, ctx: OptimizeContext): Rel {
  return filterPushdown.apply(rel, ctx);
}
