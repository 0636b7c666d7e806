import type { WindowCall, FunctionRule } from '@tributary/connector-sdk';
import type { ProductName } from '../product.js';
import { constantInteger, named, rule, type FunctionRules } from '@tributary/connector-sdk/sql';

/** Window functions that agree. */
export function mySqlWindowFunctions(product: ProductName): ReadonlyMap<string, readonly FunctionRule[]> {
  const entries: FunctionRules = [
    ['row_number', [rule([], () => 'row_number()')]],
    ['rank', [rule([], () => 'rank()')]],
    ...named(['dense_rank', 'rank_dense'], [rule([], () => 'dense_rank()')]),
    // MariaDB rounds these to ten digits.
    ...(product === 'mysql' ? shares : []),
    ['first_value', [rule(['any'], ([a]) => `first_value(${a})`)]],
    ['last_value', [rule(['any'], ([a]) => `last_value(${a})`)]],
    ['lag', shifts('lag', product)],
    ['lead', shifts('lead', product)],
  ];
  return new Map(entries);
}

const shares: FunctionRules = [
  ['percent_rank', [rule([], () => 'percent_rank()')]],
  ['cume_dist', [rule([], () => 'cume_dist()')]],
];

/** A negative distance is an error in MySQL, and MariaDB has no default. */
function shifts(fn: string, product: ProductName): readonly FunctionRule[] {
  const rules = [
    rule(['any'], ([a]) => `${fn}(${a})`),
    rule(['any', 'any-integer'], ([a], { args }) => {
      const by = constantInteger(args[1]);
      return by === undefined || by < 0 ? undefined : `${fn}(${a}, ${by})`;
    }),
  ];
  if (product === 'mariadb') return rules;
  return [
    ...rules,
    rule(['any', 'any-integer', 'any'], ([a, , c], { args }) => {
      const by = constantInteger(args[1]);
      return by === undefined || by < 0 ? undefined : `${fn}(${a}, ${by}, ${c})`;
    }),
  ];
}

/** No GROUPS, no EXCLUDE, no FILTER; distances in RANGE are added to values by other rules. */
export function hasWindowCall({ fn, frame, filter }: WindowCall): boolean {
  const isDistance = 'offset' in frame.start || 'offset' in frame.end;
  const isRankOrShift = mySqlWindowFunctions('mysql').has(fn);
  return (
    frame.exclude === 'no-others' &&
    (frame.unit === 'rows' || (frame.unit === 'range' && !isDistance)) &&
    (filter === undefined || !isRankOrShift)
  );
}
