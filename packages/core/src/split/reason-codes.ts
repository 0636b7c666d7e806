import type { Refusal } from '@tributary/contract/render';

/**
 * Why a piece of a plan runs where it does, beside the reasons of dialects (`renderReasonCodes`) and connectors.
 * `docs/reason-codes.md` lists every one.
 */
export const planReasonCodes = {
  PUSHED: 'The source answers it exactly as the engine would.',
  CROSS_SOURCE: 'Its inputs come from different sources.',
  INPUT_KEPT: 'Its input is computed by the engine.',
  COST_KEPT: 'The cost model expects the engine to be faster, the transfer included.',
  CROSS_PRODUCT: 'A product of two tables is cheaper to move as its two factors.',
  NOT_IN_CAPABILITIES: 'The source does not take such operators.',
  VALUE_NOT_IN_SOURCE: 'The source has no value like that of a parameter.',
  NOT_IN_IR: 'The planner does not know an operator, so the statement runs as written over whole tables.',
  PUSHDOWN_OFF: "The query was asked to run with pushdown: 'off'.",
} as const satisfies Record<string, string>;

export type PlanReasonCode = keyof typeof planReasonCodes;

/** A reason with the code's general sentence, or a more precise one. */
export function reason(code: PlanReasonCode, why: string = planReasonCodes[code]): Refusal {
  return { code, why };
}
