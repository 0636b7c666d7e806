import { type DataType, isInteger, isNumeric, typeName } from '../plan/index.js';
import type { CallContextInfo, FunctionRule, TypePattern } from './dialect.js';

/** The first rule that takes these types and has a text for the call. */
export function applyFunctionRule(
  rules: readonly FunctionRule[] | undefined,
  args: readonly string[],
  call: CallContextInfo,
): string | undefined {
  for (const rule of rules ?? []) {
    const sql = takes(rule.args, rule.variadic === true, call.types) ? rule.render(args, call) : undefined;
    if (sql !== undefined) return sql;
  }
  return undefined;
}

/** Whether the argument types fit the patterns. */
export function takes(
  patterns: readonly TypePattern[],
  variadic: boolean,
  types: readonly DataType[],
): boolean {
  const last = patterns.at(-1);
  if (variadic ? types.length < patterns.length - 1 : types.length !== patterns.length) return false;
  return types.every((type, i) => {
    const pattern = patterns[i] ?? last;
    return pattern !== undefined && fits(pattern, type);
  });
}

function fits(pattern: TypePattern, type: DataType): boolean {
  if (typeof pattern === 'function') return pattern(type);
  switch (pattern) {
    case 'any':
      return true;
    case 'any-integer':
      return isInteger(type);
    case 'any-number':
      return isNumeric(type);
    default:
      return type.id === pattern;
  }
}

/** `fn(BIGINT, VARCHAR)`, for refusals. */
export function signature(fn: string, types: readonly DataType[]): string {
  return `${fn}(${types.map(typeName).join(', ')})`;
}
