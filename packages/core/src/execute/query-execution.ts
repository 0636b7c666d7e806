import type { QueryResult } from '../api.js';
import type { FederatedPlan } from '../plan/federated-plan.js';
import type { ExecuteOptions } from './execute-options.js';
import { StreamedResult } from './query-result.js';
import { RunningQuery } from './running-query.js';
import type { ExecutorRuntime } from './runtime.js';

/**
 * Runs a plan. Resolves when the first rows can be pulled; fails, with everything cleaned up, when a source or the
 * statement fails before that.
 */
export async function executePlan(
  plan: FederatedPlan,
  runtime: ExecutorRuntime,
  options: ExecuteOptions,
): Promise<QueryResult> {
  const query = new RunningQuery(plan, runtime, options);
  return new StreamedResult(plan, query, await query.start(), options.explain);
}
