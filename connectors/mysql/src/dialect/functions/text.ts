import type { FunctionRule } from '@tributary/connector-sdk';
import { constantInteger, named, rule, type FunctionRules } from '@tributary/connector-sdk/sql';

/**
 * Text is code points in both, and under the byte collation a search finds what is the same. Not here, because they differ: upper and
 * lower (other Unicode tables and special cases), reverse (DuckDB keeps graphemes together), trim (MySQL knows the blank only),
 * regular expressions.
 */
export const text: FunctionRules = [
  ...named(
    ['length', 'len', 'char_length', 'character_length'],
    [rule(['varchar'], ([a]) => `char_length(${a})`)],
  ),
  ['strlen', [rule(['varchar'], ([a]) => `length(${a})`)]],
  ...named(['strpos', 'position', 'instr'], [rule(['varchar', 'varchar'], ([a, b]) => `locate(${b}, ${a})`)]),
  ...named(
    ['substring', 'substr'],
    [
      rule(['varchar', 'bigint', 'bigint'], ([a], { args }) => {
        const [start, size] = [constantInteger(args[1]), constantInteger(args[2])];
        return start === undefined || size === undefined ? undefined : substring(a, start, size);
      }),
      rule(['varchar', 'bigint'], ([a], { args }) => {
        const start = constantInteger(args[1]);
        // DuckDB counts a negative start from the end.
        return start === undefined || start < 0 ? undefined : `substring(${a}, ${Math.max(start, 1)})`;
      }),
    ],
  ),
  ['left', [takes('left')]],
  ['right', [takes('right')]],
  ['replace', [rule(['varchar', 'varchar', 'varchar'], ([a, b, c]) => `replace(${a}, ${b}, ${c})`)]],
  ['||', [rule(['varchar', 'varchar'], ([a, b]) => `concat(${a}, ${b})`)]],
  ['concat', [{ args: ['varchar'], variadic: true, render: (args) => `concat_ws('', ${args.join(', ')})` }]],
  ['md5', [rule(['varchar'], ([a]) => `md5(${a})`)]],
];

/** Position 0 is one before the first; MySQL has no such place. DuckDB reads a negative size backwards. */
function substring(arg: string, start: number, size: number): string | undefined {
  if (start < 0 || size < 0) return undefined;
  return start === 0
    ? `substring(${arg}, 1, ${Math.max(size - 1, 0)})`
    : `substring(${arg}, ${start}, ${size})`;
}

/** DuckDB's negative count leaves that many characters out. */
function takes(fn: 'left' | 'right'): FunctionRule {
  return rule(['varchar', 'bigint'], ([a], { args }) => {
    const count = constantInteger(args[1]);
    return count === undefined || count < 0 ? undefined : `${fn}(${a}, ${count})`;
  });
}
