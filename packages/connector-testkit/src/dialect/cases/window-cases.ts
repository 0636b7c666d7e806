import type { DataType, Expr, Rel, Scan } from '@tributary/connector-sdk';
import { lit, ref } from '../expressions.js';

export interface WindowCase {
  readonly fn: string;
  readonly args: (a: Expr) => readonly Expr[];
  readonly result: DataType;
}

/** DuckDB's window functions over text. */
export const windowCases: readonly WindowCase[] = [
  ...['row_number', 'rank', 'dense_rank', 'rank_dense'].map((fn) => of(fn, { id: 'bigint' })),
  ...['percent_rank', 'cume_dist'].map((fn) => of(fn, { id: 'double' })),
  ...[1, 3].map((buckets) => of('ntile', { id: 'bigint' }, () => [lit('bigint', String(buckets))])),
  ...['first_value', 'last_value', 'lag', 'lead'].map((fn) => of(fn, { id: 'varchar' }, (a) => [a])),
  ...['lag', 'lead'].flatMap((fn) =>
    [-1, 0, 2].flatMap((by) => [
      of(fn, { id: 'varchar' }, (a) => [a, lit('integer', String(by))]),
      of(fn, { id: 'varchar' }, (a) => [a, lit('integer', String(by)), lit('varchar', 'none')]),
    ]),
  ),
  ...[1, 3].map((nth) => of('nth_value', { id: 'varchar' }, (a) => [a, lit('bigint', String(nth))])),
];

function of(fn: string, result: DataType, args: WindowCase['args'] = () => []): WindowCase {
  return { fn, args, result };
}

export function windowRelation(scan: Scan, { fn, args, result }: WindowCase): Rel {
  // Rank functions see peers; the others need one order.
  const keys = fn.includes('rank') || fn === 'cume_dist' ? ['a'] : ['a', 'id'];
  return {
    kind: 'window',
    input: scan,
    functions: [
      {
        id: 90_001,
        name: 'w',
        type: result,
        call: {
          fn,
          args: args(ref(scan, 'a')),
          distinct: false,
          ignoreNulls: false,
          partitionBy: [],
          orderBy: keys.map((key) => ({ expr: ref(scan, key), descending: false, nullsFirst: true })),
          frame: {
            unit: 'range',
            start: { kind: 'unbounded-preceding' },
            end: { kind: 'current-row' },
            exclude: 'no-others',
          },
          type: result,
        },
      },
    ],
  };
}
