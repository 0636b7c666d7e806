import type { FunctionRule } from '@tributary/connector-sdk';
import { constantInteger, named, rule, type FunctionRules } from '@tributary/connector-sdk/sql';

/**
 * Window functions that agree. Of a value that cannot be NULL, ClickHouse's lag would be 0 before the first row; its first_value skips
 * NULLs unless told not to.
 */
const entries: FunctionRules = [
  ['row_number', [rule([], () => 'row_number()')]],
  ['rank', [rule([], () => 'rank()')]],
  ...named(['dense_rank', 'rank_dense'], [rule([], () => 'dense_rank()')]),
  ['percent_rank', [rule([], () => 'percent_rank()')]],
  ['cume_dist', [rule([], () => 'cume_dist()')]],
  ['first_value', [rule(['any'], ([a]) => `first_value(${a}) RESPECT NULLS`)]],
  ['last_value', [rule(['any'], ([a]) => `last_value(${a}) RESPECT NULLS`)]],
  ['lag', shifts('lag')],
  ['lead', shifts('lead')],
];

export const clickhouseWindowFunctions: ReadonlyMap<string, readonly FunctionRule[]> = new Map(entries);

function shifts(fn: string): readonly FunctionRule[] {
  const offset = (expr: Parameters<typeof constantInteger>[0]): number | undefined => {
    const by = constantInteger(expr);
    return by !== undefined && by >= 0 ? by : undefined;
  };
  return [
    rule(['any'], ([a]) => `${fn}(toNullable(${a}))`),
    rule(['any', 'any-integer'], ([a], { args }) => {
      const by = offset(args[1]);
      return by === undefined ? undefined : `${fn}(toNullable(${a}), ${by})`;
    }),
    rule(['any', 'any-integer', 'any'], ([a, , c], { args }) => {
      const by = offset(args[1]);
      return by === undefined ? undefined : `${fn}(toNullable(${a}), ${by}, toNullable(${c}))`;
    }),
  ];
}
