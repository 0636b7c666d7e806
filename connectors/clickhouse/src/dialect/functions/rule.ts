import type { Expr } from '@tributary/connector-sdk';
import type { CallContextInfo, FunctionRule, TypePattern } from '@tributary/connector-sdk';

export type RuleEntries = readonly (readonly [name: string, rules: readonly FunctionRule[]])[];

/** A rule; the arguments are there, since the patterns have counted them. */
export function rule(
  args: readonly TypePattern[],
  render: (args: Arguments, call: CallContextInfo) => string | undefined,
): FunctionRule {
  return { args, render: (texts, call) => render([texts[0] ?? '', texts[1] ?? '', texts[2] ?? ''], call) };
}

export type Arguments = readonly [first: string, second: string, third: string];

/** The same rules under several names. */
export function named(names: readonly string[], rules: readonly FunctionRule[]): RuleEntries {
  return names.map((name) => [name, rules] as const);
}

/** A constant argument's text, through casts between integers (`2::BIGINT`); undefined where it is no constant. */
export function constantText(expr: Expr | undefined): string | undefined {
  if (expr?.kind === 'cast') return constantText(expr.arg);
  return expr?.kind === 'literal' && expr.value !== null ? expr.value : undefined;
}

/** A constant of at most 32 bits: no text is longer, so that positions and lengths beyond are left to the engine. */
export function constantInteger(expr: Expr | undefined): number | undefined {
  const text = constantText(expr);
  if (text === undefined || !/^-?\d{1,10}$/.test(text)) return undefined;
  const value = Number(text);
  return Math.abs(value) <= 2_147_483_647 ? value : undefined;
}
