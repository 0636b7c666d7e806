import type { DataType, Expr, Rel, Scan } from '@tributary/connector-sdk';
import { lit, ref } from '../../../postgres/test/support/expressions.js';
import type { Product } from './server.js';

type Args = (scan: Scan) => readonly Expr[];
type WindowCase = readonly [title: string, fn: string, args: Args, type: DataType];

export function windowCases(product: Product): readonly WindowCase[] {
  const bigint: DataType = { id: 'bigint' };
  const varchar: DataType = { id: 'varchar' };
  const a: Args = (scan) => [ref(scan, 'a')];
  return [
    ...['row_number', 'rank', 'dense_rank', 'rank_dense'].map((fn): WindowCase => [fn, fn, () => [], bigint]),
    ...(product === 'mysql' ? ['percent_rank', 'cume_dist'] : []).map((fn): WindowCase => [
      fn,
      fn,
      () => [],
      { id: 'double' },
    ]),
    ...['first_value', 'last_value', 'lag', 'lead'].map((fn): WindowCase => [fn, fn, a, varchar]),
    ...['lag', 'lead'].flatMap((fn) =>
      [0, 2].flatMap((by): WindowCase[] => {
        const shifted: Args = (scan) => [ref(scan, 'a'), lit('integer', String(by))];
        const filled: Args = (scan) => [...shifted(scan), lit('varchar', 'none')];
        return [
          [`${fn} by ${by}`, fn, shifted, varchar],
          ...(product === 'mysql' ? [[`${fn} by ${by}, or none`, fn, filled, varchar] as const] : []),
        ];
      }),
    ),
  ];
}

export function windowRelation(scan: Scan, fn: string, args: Args, type: DataType): Rel {
  // Rank functions see peers; the others need one order.
  const keys = fn.includes('rank') || fn === 'cume_dist' ? ['a'] : ['a', 'id'];
  return {
    kind: 'window',
    input: scan,
    functions: [
      {
        id: 90_001,
        name: 'w',
        type,
        call: {
          fn,
          args: args(scan),
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
          type,
        },
      },
    ],
  };
}
