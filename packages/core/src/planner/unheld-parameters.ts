import {
  type DataType,
  type Parameter,
  exprsOf,
  literal,
  sameType,
  someExpr,
  visitRel,
} from '@tributary/contract/plan';
import type { IFederatedDataSource, ParameterValue, ParameterValues } from '@tributary/contract/source';
import type { FederatedPlan } from '../plan/federated-plan.js';

/** Names of parameters, by source, whose values the source has none like: an infinite date in MySQL. */
export type UnheldParameters = ReadonlyMap<string, ReadonlySet<string>>;

export const noneUnheld: UnheldParameters = new Map();

export interface UnheldContext {
  readonly source: (id: string) => IFederatedDataSource;
  /** The value in another type, as text; undefined where it does not fit. */
  readonly cast: (value: ParameterValue, type: DataType) => Promise<string | null | undefined>;
}

/**
 * The parameters that the plan would send to sources whose dialects cannot write their values, beside those `known`; `known` itself
 * where there are no others.
 */
export async function unheldParameters(
  plan: FederatedPlan,
  given: ParameterValues,
  known: UnheldParameters,
  { source, cast }: UnheldContext,
): Promise<UnheldParameters> {
  if (given.size === 0) return known;
  let all = known;
  for (const { sourceId, relation } of plan.fragments) {
    const { capabilities } = source(sourceId).getInfo();
    if (capabilities.kind !== 'sql') continue;
    const isHeld = (type: DataType, value: string | null): boolean =>
      value === null || capabilities.dialect.literal(literal(type, value)) !== undefined;
    for (const { name, type } of parametersOf(relation)) {
      const value = given.get(name);
      if (value === undefined || all.get(sourceId)?.has(name) === true || isHeld(type, value.value)) continue;
      // What is no value of the type in this form may be one in another: a date that was given as a point in time.
      const text = sameType(value.type, type) ? value.value : await cast(value, type);
      if (text === undefined || (text !== value.value && isHeld(type, text))) continue;
      all = new Map([...all, [sourceId, new Set([...(all.get(sourceId) ?? []), name])]]);
    }
  }
  return all;
}

function parametersOf(relation: FederatedPlan['fragments'][number]['relation']): readonly Parameter[] {
  const found: Parameter[] = [];
  visitRel(relation, (rel) => {
    for (const expr of exprsOf(rel)) {
      someExpr(expr, (each) => {
        if (each.kind === 'parameter') found.push(each);
        return false;
      });
    }
  });
  return found;
}
