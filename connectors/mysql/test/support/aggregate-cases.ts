import { compare, type DataType, isFloat, type Rel, type Scan, typeOf } from '@tributary/connector-sdk';
import { lit, ref } from '../../../postgres/test/support/expressions.js';
import { type HostileType, hostileTypes } from './hostile-values.js';

type AggregateCase = readonly [fn: string, over: HostileType, result: DataType];

const decimal = (precision: number, scale: number): DataType => ({ id: 'decimal', precision, scale });

const integers = [
  'TINYINT',
  'SMALLINT',
  'INT',
  'BIGINT',
  'INT UNSIGNED',
  'BIGINT UNSIGNED',
  'YEAR',
] as const satisfies readonly HostileType[];

export const aggregateCases: readonly AggregateCase[] = [
  ...integers.flatMap((over): AggregateCase[] => [
    ['sum', over, { id: 'hugeint' }],
    ['avg', over, { id: 'double' }],
  ]),
  ['sum', 'DECIMAL(15,2)', decimal(38, 2)],
  ['avg', 'DECIMAL(15,2)', { id: 'double' }],
  ['avg', 'DECIMAL(6,3)', { id: 'double' }],
  ['bool_and', 'BIT(1)', { id: 'boolean' }],
  ['bool_or', 'BIT(1)', { id: 'boolean' }],
  ['count_if', 'BIT(1)', { id: 'hugeint' }],
];

const withoutExtremes: readonly HostileType[] = ["ENUM('sad','ok','happy')"];

export const extremeCases: readonly (readonly ['min' | 'max', HostileType])[] = hostileTypes
  .filter((type) => !withoutExtremes.includes(type))
  .flatMap((over) => [['min', over] as const, ['max', over] as const]);

/** By groups, DISTINCT, with a filter, over no rows at all, and as a window. */
export function aggregateRelations(scan: Scan, fn: string, result: DataType): readonly Rel[] {
  const a = ref(scan, 'a');
  // Floats are not grouped in the source.
  const isGroupable = !isFloat(typeOf(a));
  const b = isGroupable ? ref(scan, 'b') : compare('>', ref(scan, 'id'), lit('bigint', '50'));
  const condition = compare('>', ref(scan, 'id'), lit('bigint', '20'));
  const of = (isDistinct: boolean, isFiltered: boolean): Rel => ({
    kind: 'aggregate',
    input: scan,
    groups: [{ id: 90_001, name: 'g', type: typeOf(b), expr: b }],
    aggregates: [
      {
        id: 90_002,
        name: 'x',
        type: result,
        call: { fn, args: [a], distinct: isDistinct, type: result, ...(isFiltered && { filter: condition }) },
      },
    ],
  });
  const nothing: Rel = {
    kind: 'aggregate',
    input: { kind: 'filter', input: scan, predicates: [compare('<', ref(scan, 'id'), lit('bigint', '0'))] },
    groups: [],
    aggregates: [
      { id: 90_002, name: 'x', type: result, call: { fn, args: [a], distinct: false, type: result } },
    ],
  };
  const onlyNulls: Rel = {
    kind: 'aggregate',
    input: { kind: 'filter', input: scan, predicates: [{ kind: 'is-null', arg: a, negated: false }] },
    groups: [],
    aggregates: [
      { id: 90_002, name: 'x', type: result, call: { fn, args: [a], distinct: false, type: result } },
    ],
  };
  const window: Rel = {
    kind: 'window',
    input: scan,
    functions: [
      {
        id: 90_003,
        name: 'w',
        type: result,
        call: {
          fn,
          args: [a],
          distinct: false,
          ignoreNulls: false,
          partitionBy: [b],
          orderBy: [{ expr: ref(scan, 'id'), descending: false, nullsFirst: false }],
          frame: {
            unit: 'rows',
            start: { kind: 'unbounded-preceding' },
            end: { kind: 'current-row' },
            exclude: 'no-others',
          },
          type: result,
        },
      },
    ],
  };
  return [
    of(false, false),
    of(false, true),
    ...(fn === 'count_if' || !isGroupable ? [] : [of(true, false)]),
    nothing,
    onlyNulls,
    window,
  ];
}
