import type { Expr, CallContextInfo, FunctionRule, TypePattern } from '@tributary/connector-sdk';

export type RuleEntries = readonly (readonly [name: string, rules: readonly FunctionRule[]])[];

export type Arguments = readonly [first: string, second: string, third: string];

/** A rule; the arguments are there, since the patterns have counted them. */
export function rule(
  args: readonly TypePattern[],
  render: (args: Arguments, call: CallContextInfo) => string | undefined,
): FunctionRule {
  return { args, render: (texts, call) => render([texts[0] ?? '', texts[1] ?? '', texts[2] ?? ''], call) };
}

/** The same rules under several names. */
export function named(names: readonly string[], rules: readonly FunctionRule[]): RuleEntries {
  return names.map((name) => [name, rules] as const);
}

/** A constant argument's text, through casts between integers (`2::BIGINT`); undefined where it is no constant. */
export function constantText(expr: Expr | undefined): string | undefined {
  if (expr?.kind === 'cast') return constantText(expr.arg);
  return expr?.kind === 'literal' && expr.value !== null ? expr.value : undefined;
}

/** A constant whole number that is safe as a position or a length. */
export function constantInteger(expr: Expr | undefined): number | undefined {
  const text = constantText(expr);
  if (text === undefined || !/^-?\d{1,9}$/.test(text)) return undefined;
  return Number(text);
}
