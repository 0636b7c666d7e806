import { quoteText } from '../quote.js';
import { byteCollation } from '../comparison.js';
import { constantInteger, named, rule, type FunctionRules } from '@tributary/connector-sdk/sql';

/**
 * Text is code points in both. Not here, because they differ: upper and lower (other Unicode tables and special cases),
 * reverse (DuckDB keeps graphemes together), regular expressions.
 */
export const text: FunctionRules = [
  ...named(
    ['length', 'len', 'char_length', 'character_length'],
    [rule(['varchar'], ([a]) => `CAST(length(${a}) AS bigint)`)],
  ),
  ['strlen', [rule(['varchar'], ([a]) => `CAST(octet_length(${a}) AS bigint)`)]],
  ...named(
    ['strpos', 'position', 'instr'],
    [rule(['varchar', 'varchar'], ([a, b]) => `CAST(strpos(${a}, ${b}) AS bigint)`)],
  ),
  ...named(
    ['substring', 'substr'],
    [
      rule(['varchar', 'bigint', 'bigint'], ([a], { args }) => {
        const [start, size] = [constantInteger(args[1]), constantInteger(args[2])];
        // DuckDB counts a negative start from the end, and reads a negative size backwards.
        if (start === undefined || start < 0 || size === undefined || size < 0) return undefined;
        return `substring(${a}, ${start}, ${size})`;
      }),
      rule(['varchar', 'bigint'], ([a], { args }) => {
        const start = constantInteger(args[1]);
        return start === undefined || start < 0 ? undefined : `substring(${a}, ${start})`;
      }),
    ],
  ),
  ['left', [rule(['varchar', 'bigint'], ([a], { args }) => withCount('left', a, constantInteger(args[1])))]],
  [
    'right',
    [rule(['varchar', 'bigint'], ([a], { args }) => withCount('right', a, constantInteger(args[1])))],
  ],
  ['replace', [rule(['varchar', 'varchar', 'varchar'], ([a, b, c]) => `replace(${a}, ${b}, ${c})`)]],
  ['||', [rule(['varchar', 'varchar'], ([a, b]) => `(${a} || ${b})`)]],
  ['concat', [{ args: ['varchar'], variadic: true, render: (args) => `concat(${args.join(', ')})` }]],
  ['trim', trims('btrim')],
  ['ltrim', trims('ltrim')],
  ['rtrim', trims('rtrim')],
  ['md5', [rule(['varchar'], ([a]) => `md5(${a})`)]],
];

/** Unicode's space separators (category Zs): what DuckDB trims where no characters are given. PostgreSQL trims the blank only. */
const spaces =
  '\u0020\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000';

function trims(fn: string): readonly ReturnType<typeof rule>[] {
  return [
    rule(['varchar'], ([a]) => `${fn}(${a}, ${quoteText(spaces)})`),
    rule(['varchar', 'varchar'], ([a, b]) => `${fn}(${a}, ${b})`),
  ];
}

function withCount(fn: string, arg: string, count: number | undefined): string | undefined {
  return count === undefined ? undefined : `${fn}(${arg}, ${count})`;
}

/** `greatest` and `least` of text need the order of bytes. */
export function byBytes(args: readonly string[]): readonly string[] {
  return args.map((arg, i) => (i === 0 ? `${arg} ${byteCollation}` : arg));
}
