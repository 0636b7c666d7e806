import { type AggregateCall, isExactNumber, typeOf } from '@tributary/contract';

/** Aggregates whose value is the same in whatever order their rows come. */
const orderless: ReadonlySet<string> = new Set([
  'count',
  'count_star',
  'min',
  'max',
  'bool_and',
  'bool_or',
  'bit_and',
  'bit_or',
  'bit_xor',
]);
const sums: ReadonlySet<string> = new Set(['sum', 'sum_no_overflow', 'avg']);
/** Those that DuckDB computes in floats, or estimates. */
const approximate: ReadonlySet<string> = new Set([
  'stddev_samp',
  'stddev_pop',
  'var_samp',
  'var_pop',
  'approx_count_distinct',
]);

/** Whether the value is the same to the last digit, in whatever order the rows come. */
export function isOrderless({ fn, args }: AggregateCall): boolean {
  return orderless.has(fn) || (sums.has(fn) && args.every((arg) => isExactNumber(typeOf(arg))));
}

/** Whether another order changes the last digits at most, as that of a sum of floats does. */
export function isNearlyOrderless({ fn }: AggregateCall): boolean {
  return orderless.has(fn) || sums.has(fn) || approximate.has(fn);
}
