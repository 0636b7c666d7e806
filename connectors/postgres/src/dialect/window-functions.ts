import type { FunctionRule } from '@tributary/contract/render';
import { constantInteger, named, rule, type FunctionRules } from '@tributary/connector-sdk/sql';

/** Window functions that agree. Results that PostgreSQL counts in int4 are widened by the caller's type. */
const entries: FunctionRules = [
  ['row_number', [rule([], () => 'row_number()')]],
  ['rank', [rule([], () => 'rank()')]],
  ...named(['dense_rank', 'rank_dense'], [rule([], () => 'dense_rank()')]),
  ['percent_rank', [rule([], () => 'percent_rank()')]],
  ['cume_dist', [rule([], () => 'cume_dist()')]],
  ...named(['first_value'], [rule(['any'], ([a]) => `first_value(${a})`)]),
  ...named(['last_value'], [rule(['any'], ([a]) => `last_value(${a})`)]),
  ['lag', shifts('lag')],
  ['lead', shifts('lead')],
];

export const postgresWindowFunctions: ReadonlyMap<string, readonly FunctionRule[]> = new Map(entries);

function shifts(fn: string): readonly FunctionRule[] {
  const offset = (sql: Parameters<typeof constantInteger>[0]): string | undefined =>
    constantInteger(sql)?.toString();
  return [
    rule(['any'], ([a]) => `${fn}(${a})`),
    rule(['any', 'any-integer'], ([a], { args }) => {
      const by = offset(args[1]);
      return by === undefined ? undefined : `${fn}(${a}, ${by})`;
    }),
    rule(['any', 'any-integer', 'any'], ([a, , c], { args }) => {
      const by = offset(args[1]);
      return by === undefined ? undefined : `${fn}(${a}, ${by}, ${c})`;
    }),
  ];
}
