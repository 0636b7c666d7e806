import type { CallContextInfo, Expr, FunctionRule, TypePattern } from '@tributary/contract';

/** Rules under the names of their functions, in the order in which they are tried. */
export type FunctionRules = readonly (readonly [name: string, rules: readonly FunctionRule[]])[];

/** The texts of a call's arguments; those beyond the rule's patterns are empty. */
export type RuleArguments = readonly [first: string, second: string, third: string];

/** A rule for calls of at most three arguments, of the types that the patterns accept. */
export function rule(
  args: readonly TypePattern[],
  render: (args: RuleArguments, call: CallContextInfo) => string | undefined,
): FunctionRule {
  return { args, render: (texts, call) => render([texts[0] ?? '', texts[1] ?? '', texts[2] ?? ''], call) };
}

/** The same rules under several names. */
export function named(names: readonly string[], rules: readonly FunctionRule[]): FunctionRules {
  return names.map((name) => [name, rules] as const);
}

/** A dialect's functions; rules for one name may come from several places, as an operator's for its types do. */
export function functionTable(rules: FunctionRules): ReadonlyMap<string, readonly FunctionRule[]> {
  const table = new Map<string, readonly FunctionRule[]>();
  for (const [name, more] of rules) table.set(name, [...(table.get(name) ?? []), ...more]);
  return table;
}

/** A constant argument's text, through casts between integers (`2::BIGINT`); undefined where it is no constant. */
export function constantText(expr: Expr | undefined): string | undefined {
  if (expr?.kind === 'cast') return constantText(expr.arg);
  return expr?.kind === 'literal' && expr.value !== null ? expr.value : undefined;
}

/**
 * A constant whole number of 32 bits with sign, which positions and lengths are in most databases; no text is longer, so that
 * calls with greater ones are left to the engine.
 */
export function constantInteger(expr: Expr | undefined): number | undefined {
  const text = constantText(expr);
  if (text === undefined || !/^-?\d{1,10}$/.test(text)) return undefined;
  const value = Number(text);
  return Math.abs(value) <= 2_147_483_647 ? value : undefined;
}
