import { constantInteger, named, rule, type FunctionRules } from '@tributary/connector-sdk/sql';

/**
 * Text is code points in both, through ClickHouse's UTF8 functions. Not here, because they differ: upper and lower (other tables of
 * cases), trim (DuckDB's blanks are Unicode's), reverse, regular expressions.
 */
export const text: FunctionRules = [
  ...named(
    ['length', 'len', 'char_length', 'character_length'],
    [rule(['varchar'], ([a]) => `toInt64(lengthUTF8(${a}))`)],
  ),
  ['strlen', [rule(['varchar'], ([a]) => `toInt64(length(${a}))`)]],
  ...named(
    ['strpos', 'position', 'instr'],
    [rule(['varchar', 'varchar'], ([a, b]) => `toInt64(positionUTF8(${a}, ${b}))`)],
  ),
  ...named(
    ['substring', 'substr'],
    [
      rule(['varchar', 'bigint', 'bigint'], ([a], { args }) => {
        const [start, size] = [constantInteger(args[1]), constantInteger(args[2])];
        // DuckDB counts a negative start from the end, begins at 1 for 0, and reads a negative size backwards.
        if (start === undefined || start < 1 || size === undefined || size < 0) return undefined;
        return `substringUTF8(${a}, ${start}, ${size})`;
      }),
      rule(['varchar', 'bigint'], ([a], { args }) => {
        const start = constantInteger(args[1]);
        return start === undefined || start < 1 ? undefined : `substringUTF8(${a}, ${start})`;
      }),
    ],
  ),
  ...['left', 'right'].map((fn) => [fn, [rule(['varchar', 'bigint'], part(fn))]] as const),
  ['replace', [rule(['varchar', 'varchar', 'varchar'], ([a, b, c]) => `replaceAll(${a}, ${b}, ${c})`)]],
  ['||', [rule(['varchar', 'varchar'], ([a, b]) => `concat(${a}, ${b})`)]],
  [
    'concat',
    [
      {
        args: ['varchar'],
        variadic: true,
        render: (args) => `concat(${args.map((arg) => `ifNull(${arg}, '')`).join(', ')})`,
      },
    ],
  ],
  ['md5', [rule(['varchar'], ([a]) => `lower(hex(MD5(${a})))`)]],
];

function part(fn: string): Parameters<typeof rule>[1] {
  return ([a], { args }) => {
    const count = constantInteger(args[1]);
    return count === undefined || count < 0 ? undefined : `${fn}UTF8(${a}, ${count})`;
  };
}
