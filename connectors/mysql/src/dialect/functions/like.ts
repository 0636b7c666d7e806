import type { CallContextInfo } from '@tributary/connector-sdk';
import { quoteText } from '../quote.js';
import {
  type RuleArguments,
  constantText,
  named,
  rule,
  type FunctionRules,
} from '@tributary/connector-sdk/sql';

/** Escapes wildcards where we write the pattern. Not the backslash, which may or may not mean itself in a constant. */
const ourEscape = '|';

/**
 * LIKE. DuckDB's has no escape character unless one is named, MySQL's always has one: every pattern gets `|`, with the pattern's own
 * doubled. `_` is one code point in both. ILIKE folds case by other rules and is not here.
 */
export function likeRules(byteCollation: string): FunctionRules {
  const plain =
    (operator: string) =>
    ([value, pattern]: RuleArguments, { args }: CallContextInfo): string => {
      const constant = args[1]?.kind === 'literal' ? constantText(args[1]) : undefined;
      const escaped =
        constant === undefined
          ? `replace(${pattern}, '${ourEscape}', '${ourEscape}${ourEscape}')`
          : quoteText(constant.replaceAll(ourEscape, `${ourEscape}${ourEscape}`), byteCollation);
      return `(${value} ${operator} ${escaped} ESCAPE '${ourEscape}')`;
    };
  /** The pattern with its escape character exchanged for ours. */
  const withEscape =
    (operator: string) =>
    ([value]: RuleArguments, { args }: CallContextInfo): string | undefined => {
      const [pattern, escape] = [constantText(args[1]), constantText(args[2])];
      if (pattern === undefined || escape === undefined || [...escape].length > 1) return undefined;
      const ours = exchangeEscape(pattern, escape);
      return ours === undefined
        ? undefined
        : `(${value} ${operator} ${quoteText(ours, byteCollation)} ESCAPE '${ourEscape}')`;
    };
  return [
    ['~~', [rule(['varchar', 'varchar'], plain('LIKE'))]],
    ['!~~', [rule(['varchar', 'varchar'], plain('NOT LIKE'))]],
    ['like_escape', [rule(['varchar', 'varchar', 'varchar'], withEscape('LIKE'))]],
    ['not_like_escape', [rule(['varchar', 'varchar', 'varchar'], withEscape('NOT LIKE'))]],
    ...named(
      ['starts_with', '^@', 'prefix'],
      [rule(['varchar', 'varchar'], ([a, b]) => `(left(${a}, char_length(${b})) = ${b})`)],
    ),
    ...named(
      ['ends_with', 'suffix'],
      [rule(['varchar', 'varchar'], ([a, b]) => `(right(${a}, char_length(${b})) = ${b})`)],
    ),
    ['contains', [rule(['varchar', 'varchar'], ([a, b]) => `(locate(${b}, ${a}) > 0)`)]],
  ];
}

/** Undefined where the escape character is a wildcard itself, or the pattern ends with it (which DuckDB refuses). */
function exchangeEscape(pattern: string, escape: string): string | undefined {
  if (escape === '%' || escape === '_') return undefined;
  let ours = '';
  const characters = [...pattern];
  for (let i = 0; i < characters.length; i += 1) {
    const isEscape = characters[i] === escape;
    if (isEscape) i += 1;
    const character = characters[i];
    if (character === undefined) return undefined;
    ours += isEscape || character === ourEscape ? `${ourEscape}${character}` : character;
  }
  return ours;
}
