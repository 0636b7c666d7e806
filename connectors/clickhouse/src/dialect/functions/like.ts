import type { CallContextInfo } from '@tributary/connector-sdk';
import { quoteText } from '../quote.js';
import {
  type RuleArguments,
  constantText,
  named,
  rule,
  type FunctionRules,
} from '@tributary/connector-sdk/sql';

/**
 * LIKE. ClickHouse's escape character is the backslash, always; DuckDB's has none unless one is named. `_` is one code point in
 * both. ILIKE folds case by other rules and is not here.
 */
export const like: FunctionRules = [
  ['~~', [rule(['varchar', 'varchar'], plain('LIKE'))]],
  ['!~~', [rule(['varchar', 'varchar'], plain('NOT LIKE'))]],
  ['like_escape', [rule(['varchar', 'varchar', 'varchar'], escaped('LIKE'))]],
  ['not_like_escape', [rule(['varchar', 'varchar', 'varchar'], escaped('NOT LIKE'))]],
  ...named(
    ['starts_with', '^@', 'prefix'],
    [rule(['varchar', 'varchar'], ([a, b]) => `startsWith(${a}, ${b})`)],
  ),
  ...named(['ends_with', 'suffix'], [rule(['varchar', 'varchar'], ([a, b]) => `endsWith(${a}, ${b})`)]),
  ['contains', [rule(['varchar', 'varchar'], ([a, b]) => `(position(${a}, ${b}) > 0)`)]],
];

function plain(operator: string): (args: RuleArguments, call: CallContextInfo) => string {
  return ([value, pattern], { args }) => {
    const constant = args[1]?.kind === 'literal' ? constantText(args[1]) : undefined;
    return constant === undefined
      ? `(${value} ${operator} replaceAll(${pattern}, ${quoteText('\\')}, ${quoteText('\\\\')}))`
      : `(${value} ${operator} ${quoteText(constant.replaceAll('\\', '\\\\'))})`;
  };
}

/** Only constants: the pattern is written anew with the backslash as its escape character. */
function escaped(operator: string): (args: RuleArguments, call: CallContextInfo) => string | undefined {
  return ([value], { args }) => {
    const [pattern, escape] = [constantText(args[1]), constantText(args[2])];
    if (pattern === undefined || escape === undefined || (escape !== '' && !/^[\x20-\x7e]$/.test(escape)))
      return undefined;
    const rewritten = rewrite(pattern, escape);
    return rewritten === undefined ? undefined : `(${value} ${operator} ${quoteText(rewritten)})`;
  };
}

function rewrite(pattern: string, escape: string): string | undefined {
  let rewritten = '';
  for (let i = 0; i < pattern.length; i += 1) {
    const char = pattern.charAt(i);
    if (char !== escape) {
      rewritten += char === '\\' ? '\\\\' : char;
      continue;
    }
    i += 1;
    const next = pattern.charAt(i);
    // A pattern that ends with its escape character, or escapes what needs none, is DuckDB's to judge.
    if (next !== '%' && next !== '_' && next !== escape) return undefined;
    rewritten += next === '%' || next === '_' || next === '\\' ? `\\${next}` : next;
  }
  return rewritten;
}
