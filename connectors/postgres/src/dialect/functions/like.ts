import type { CallContextInfo } from '@tributary/contract/render';
import { quoteText } from '../quote.js';
import {
  type RuleArguments,
  constantText,
  named,
  rule,
  type FunctionRules,
} from '@tributary/connector-sdk/sql';

/**
 * LIKE. DuckDB's has no escape character unless one is named, PostgreSQL's has the backslash: a constant pattern gets its
 * backslashes doubled, any other `ESCAPE ''`. `_` is one code point in both. ILIKE folds case by other rules and is not here.
 */
export const like: FunctionRules = [
  ['~~', [rule(['varchar', 'varchar'], plain('LIKE'))]],
  ['!~~', [rule(['varchar', 'varchar'], plain('NOT LIKE'))]],
  ['like_escape', [rule(['varchar', 'varchar', 'varchar'], escaped('LIKE'))]],
  ['not_like_escape', [rule(['varchar', 'varchar', 'varchar'], escaped('NOT LIKE'))]],
  ...named(
    ['starts_with', '^@', 'prefix'],
    [rule(['varchar', 'varchar'], ([a, b]) => `starts_with(${a}, ${b})`)],
  ),
  ...named(
    ['ends_with', 'suffix'],
    [rule(['varchar', 'varchar'], ([a, b]) => `(right(${a}, length(${b})) = ${b})`)],
  ),
  ['contains', [rule(['varchar', 'varchar'], ([a, b]) => `(strpos(${a}, ${b}) > 0)`)]],
];

function plain(operator: string): (args: RuleArguments, call: CallContextInfo) => string {
  return ([value, pattern], { args }) => {
    const constant = args[1]?.kind === 'literal' ? constantText(args[1]) : undefined;
    return constant === undefined
      ? `(${value} ${operator} ${pattern} ESCAPE '')`
      : `(${value} ${operator} ${quoteText(constant.replaceAll('\\', String.raw`\\`))})`;
  };
}

/** Only constants: where a pattern ends with its escape character PostgreSQL fails and DuckDB does not. */
function escaped(operator: string): (args: RuleArguments, call: CallContextInfo) => string | undefined {
  return ([value], { args }) => {
    const [pattern, escape] = [constantText(args[1]), constantText(args[2])];
    if (pattern === undefined || escape === undefined) return undefined;
    if (escape === '') return `(${value} ${operator} ${quoteText(pattern)} ESCAPE '')`;
    const isOneCharacter = /^[\x20-\x7e]$/.test(escape) && escape !== '%' && escape !== '_';
    if (!isOneCharacter || endsWithEscape(pattern, escape)) return undefined;
    return `(${value} ${operator} ${quoteText(pattern)} ESCAPE ${quoteText(escape)})`;
  };
}

function endsWithEscape(pattern: string, escape: string): boolean {
  for (let i = 0; i < pattern.length; i += 1) {
    if (pattern[i] !== escape) continue;
    i += 1;
    if (i === pattern.length) return true;
  }
  return false;
}
