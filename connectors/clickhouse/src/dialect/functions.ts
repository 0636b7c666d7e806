import type { FunctionRule } from '@tributary/connector-sdk';
import { arithmetic } from './functions/arithmetic.js';
import { conditional } from './functions/conditional.js';
import { like } from './functions/like.js';
import type { RuleEntries } from './functions/rule.js';
import { temporal } from './functions/temporal.js';
import { text } from './functions/text.js';

/** Every scalar function that ClickHouse answers as DuckDB does; test/semantics.integration.test.ts holds each one to it. */
export const clickhouseFunctions: ReadonlyMap<string, readonly FunctionRule[]> = merge([
  ...arithmetic,
  ...temporal,
  ...text,
  ...like,
  ...conditional,
]);

/** Several files have rules for the same operator, on other types. */
function merge(entries: RuleEntries): ReadonlyMap<string, readonly FunctionRule[]> {
  const merged = new Map<string, readonly FunctionRule[]>();
  for (const [name, rules] of entries) merged.set(name, [...(merged.get(name) ?? []), ...rules]);
  return merged;
}
