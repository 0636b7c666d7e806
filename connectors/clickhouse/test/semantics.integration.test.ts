import {
  type ComparisonOp,
  type DataType,
  type Expr,
  type Rel,
  type Scan,
  compare,
  isFloat,
  typeName,
  typeOf,
} from '@tributary/connector-sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clickhouseCast } from '../src/dialect/cast.js';
import { clickhouseFunctions } from '../src/dialect/functions.js';
import { clickhouseAggregates } from '../src/dialect/aggregates.js';
import { clickhouseWindowFunctions } from '../src/dialect/window-functions.js';
import { call, cast, lit, ref, withColumns } from '../../postgres/test/support/expressions.js';
import { callOf, describeCase, functionCases } from './support/function-cases.js';
import type { HostileEngines } from '../../postgres/test/support/hostile-engines.js';
import { openHostileEngines } from './support/hostile-server.js';
import { type HostileType, hostileTypes } from './support/hostile-values.js';

let engines: HostileEngines<HostileType>;

beforeAll(async () => {
  engines = await openHostileEngines();
});

afterAll(async () => {
  await engines?.[Symbol.asyncDispose]();
});

function only(scan: Scan, expr: Expr): Rel {
  return withColumns(scan, [{ name: 'x', expr, type: typeOf(expr) }]);
}

/** DuckDB fails where a product has more than 18 digits, ClickHouse where it has more than 64 bits. */
const answersMore: ReadonlySet<string> = new Set(['*']);

describe('scalar functions', () => {
  test.each(functionCases.map((each) => [describeCase(each), each] as const))('%s', async (_, each) => {
    const scan = engines.scan(each.over);
    const expr = callOf(each, ref(scan, 'a'), ref(scan, 'b'));
    expect(
      await engines.exprDifferences(scan, expr, answersMore.has(each.fn)),
      engines.native(only(scan, expr)),
    ).toEqual([]);
  });

  test('every rule has a case', () => {
    const tested = new Set(functionCases.map(({ fn }) => fn));
    expect([...clickhouseFunctions.keys()].filter((name) => !tested.has(name))).toEqual([]);
  });
});

const targets: readonly DataType[] = [
  ...(
    [
      'boolean',
      'smallint',
      'integer',
      'bigint',
      'hugeint',
      'float',
      'double',
      'varchar',
      'date',
      'timestamp',
      'timestamptz',
      'time',
      'uuid',
    ] as const
  ).map((id) => ({ id })),
  { id: 'decimal', precision: 15, scale: 2 },
  { id: 'decimal', precision: 5, scale: 1 },
  { id: 'decimal', precision: 38, scale: 6 },
];

/** DuckDB converts a decimal of more than 15 digits, or a larger integer, to within a unit in the last place of DOUBLE. */
describe('casts', () => {
  const cases = hostileTypes.flatMap((over) => targets.map((to) => [over, typeName(to), to] as const));
  test.each(cases)('%s to %s', async (over, _, to) => {
    const scan = engines.scan(over);
    const from = typeOf(ref(scan, 'a'));
    for (const isTry of [false, true]) {
      if (clickhouseCast('x', from, to, isTry) === undefined) continue;
      expect(await engines.exprDifferences(scan, cast(ref(scan, 'a'), to, isTry))).toEqual([]);
    }
  });
});

const operators: readonly ComparisonOp[] = [
  '=',
  '<>',
  '<',
  '<=',
  '>',
  '>=',
  'is-distinct',
  'is-not-distinct',
];

describe('comparisons', () => {
  test.each(hostileTypes.flatMap((type) => operators.map((op) => [type, op] as const)))(
    '%s %s',
    async (type, op) => {
      const scan = engines.scan(type);
      expect(await engines.exprDifferences(scan, compare(op, ref(scan, 'a'), ref(scan, 'b')))).toEqual([]);
    },
  );

  test.each(hostileTypes)('IN over %s', async (type) => {
    const scan = engines.scan(type);
    for (const negated of [false, true]) {
      const expr: Expr = { kind: 'in', arg: ref(scan, 'a'), list: [ref(scan, 'b'), ref(scan, 'b')], negated };
      expect(await engines.exprDifferences(scan, expr)).toEqual([]);
    }
  });
});

describe('order and groups', () => {
  const directions = [
    { descending: false, nullsFirst: false },
    { descending: false, nullsFirst: true },
    { descending: true, nullsFirst: false },
    { descending: true, nullsFirst: true },
  ];

  test.each(hostileTypes)('ORDER BY %s, as top-N too', async (type) => {
    const scan = engines.scan(type);
    for (const direction of directions) {
      const sorted: Rel = {
        kind: 'sort',
        input: scan,
        keys: [
          { expr: ref(scan, 'a'), ...direction },
          { expr: ref(scan, 'id'), descending: false, nullsFirst: false },
        ],
      };
      expect(await engines.differences(sorted, { ordered: true, oneZero: true })).toEqual([]);
      const limited: Rel = {
        kind: 'limit',
        input: sorted,
        limit: { kind: 'literal', type: { id: 'bigint' }, value: '7' },
        offset: { kind: 'literal', type: { id: 'bigint' }, value: '2' },
      };
      expect(await engines.differences(limited, { ordered: true, oneZero: true })).toEqual([]);
    }
  });

  const groupable = (type: HostileType): boolean => !type.startsWith('Float');

  test.each(['Float32', 'Float64'] as const)('%s tells 0 from -0 in groups, and is not grouped', (type) => {
    const scan = engines.scan(type);
    expect(() => engines.native({ kind: 'distinct', input: only(scan, ref(scan, 'a')) })).toThrow(
      'GROUPING_DIFFERS',
    );
  });

  test.each(hostileTypes.filter(groupable))('GROUP BY, DISTINCT and count(DISTINCT) of %s', async (type) => {
    const scan = engines.scan(type);
    const a = ref(scan, 'a');
    const grouped: Rel = {
      kind: 'aggregate',
      input: scan,
      groups: [{ id: 90_001, name: 'g', type: typeOf(a), expr: a }],
      aggregates: [
        {
          id: 90_002,
          name: 'n',
          type: { id: 'bigint' },
          call: { fn: 'count', args: [ref(scan, 'b')], distinct: true, type: { id: 'bigint' } },
        },
        {
          id: 90_003,
          name: 'm',
          type: { id: 'bigint' },
          call: { fn: 'count_star', args: [], distinct: false, type: { id: 'bigint' } },
        },
      ],
    };
    expect(await engines.differences(grouped, { oneZero: true })).toEqual([]);
    const distinct: Rel = {
      kind: 'distinct',
      input: { kind: 'project', input: scan, columns: [{ id: 90_004, name: 'a', type: typeOf(a), expr: a }] },
    };
    expect(await engines.differences(distinct, { oneZero: true })).toEqual([]);
  });
});

const decimal = (precision: number, scale: number): DataType => ({ id: 'decimal', precision, scale });
const aggregates: readonly (readonly [fn: string, over: HostileType, result: DataType])[] = [
  ...(['Int8', 'Int32', 'Int64', 'UInt64'] as const).flatMap((over) => [
    ['sum', over, { id: 'hugeint' }] as const,
    ['avg', over, { id: 'double' }] as const,
  ]),
  ['sum', 'Decimal(15, 2)', decimal(38, 2)],
  ['avg', 'Decimal(15, 2)', { id: 'double' }],
  ['avg', 'Decimal(6, 3)', { id: 'double' }],
  ['bool_and', 'Bool', { id: 'boolean' }],
  ['bool_or', 'Bool', { id: 'boolean' }],
  ['count_if', 'Bool', { id: 'hugeint' }],
];
/** Without the extremes, whose sums leave the range of double: there ClickHouse fails and DuckDB says Infinity. */
const floatAggregates: readonly (readonly [fn: string, over: HostileType, result: DataType])[] = [
  ['sum', 'Float64', { id: 'double' }],
  ['avg', 'Float64', { id: 'double' }],
];
const extremes = hostileTypes.filter((type) => type !== 'UUID' && !type.startsWith('Enum'));

describe('aggregates', () => {
  /** By groups, over no rows at all, DISTINCT, with a filter, and as a window. */
  const relations = (scan: Scan, fn: string, result: DataType): readonly Rel[] => {
    const a = ref(scan, 'a');
    const group = call('//', [ref(scan, 'id'), lit('bigint', '7')], 'bigint');
    const condition = compare('>', ref(scan, 'id'), { kind: 'literal', type: { id: 'bigint' }, value: '20' });
    const of = (distinct: boolean, filtered: boolean): Rel => ({
      kind: 'aggregate',
      input: scan,
      groups: [{ id: 90_001, name: 'g', type: typeOf(group), expr: group }],
      aggregates: [
        {
          id: 90_002,
          name: 'x',
          type: result,
          call: { fn, args: [a], distinct, type: result, ...(filtered && { filter: condition }) },
        },
      ],
    });
    const nothing: Rel = {
      kind: 'aggregate',
      input: {
        kind: 'filter',
        input: scan,
        predicates: [compare('<', ref(scan, 'id'), { kind: 'literal', type: { id: 'bigint' }, value: '0' })],
      },
      groups: [],
      aggregates: [
        { id: 90_002, name: 'x', type: result, call: { fn, args: [a], distinct: false, type: result } },
      ],
    };
    const onlyNulls: Rel = {
      kind: 'aggregate',
      input: {
        kind: 'filter',
        input: scan,
        predicates: [{ kind: 'is-null', arg: a, negated: false }],
      },
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
            partitionBy: [group],
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
      ...(fn === 'count_if' || isFloat(typeOf(a)) ? [] : [of(true, false)]),
      nothing,
      onlyNulls,
      window,
    ];
  };

  test.each(aggregates.map((each) => [`${each[0]}(${each[1]})`, ...each] as const))(
    '%s',
    async (_, fn, over, result) => {
      for (const relation of relations(engines.scan(over), fn, result)) {
        expect(
          await engines.differences(relation, { rounded: result.id === 'double' }),
          engines.native(relation),
        ).toEqual([]);
      }
    },
  );

  test.each(floatAggregates.map((each) => [`${each[0]}(${each[1]})`, ...each] as const))(
    '%s',
    async (_, fn, over, result) => {
      const scan = engines.scan(over);
      const small: Expr = {
        kind: 'or',
        args: [
          compare('>', ref(scan, 'a'), { kind: 'literal', type: { id: 'double' }, value: 'inf' }),
          {
            kind: 'and',
            args: [
              compare('<', ref(scan, 'a'), { kind: 'literal', type: { id: 'double' }, value: '1e16' }),
              compare('>', ref(scan, 'a'), { kind: 'literal', type: { id: 'double' }, value: '-1e16' }),
            ],
          },
          compare('=', ref(scan, 'a'), { kind: 'literal', type: { id: 'double' }, value: '-inf' }),
        ],
      };
      for (const relation of relations(scan, fn, result)) {
        if (relation.kind !== 'aggregate' && relation.kind !== 'window') continue;
        const filtered: Rel = {
          ...relation,
          input: { kind: 'filter', input: relation.input, predicates: [small] },
        };
        expect(await engines.differences(filtered, { rounded: true }), engines.native(filtered)).toEqual([]);
      }
    },
  );

  test.each(extremes.flatMap((over) => [['min', over] as const, ['max', over] as const]))(
    '%s(%s)',
    async (fn, over) => {
      const scan = engines.scan(over);
      for (const relation of relations(scan, fn, typeOf(ref(scan, 'a')))) {
        expect(await engines.differences(relation, { oneZero: true }), engines.native(relation)).toEqual([]);
      }
    },
  );

  test('every rule has a case', () => {
    const tested = new Set([
      'min',
      'max',
      'count',
      'count_star',
      ...[...aggregates, ...floatAggregates].map(([fn]) => fn),
    ]);
    expect([...clickhouseAggregates.keys()].filter((name) => !tested.has(name))).toEqual([]);
  });
});

describe('window functions', () => {
  const functions: readonly (readonly [fn: string, args: (scan: Scan) => readonly Expr[], type: DataType])[] =
    [
      ...['row_number', 'rank', 'dense_rank', 'rank_dense'].map(
        (fn) => [fn, () => [], { id: 'bigint' }] as const,
      ),
      ...['percent_rank', 'cume_dist'].map((fn) => [fn, () => [], { id: 'double' }] as const),
      ...['first_value', 'last_value', 'lag', 'lead'].map(
        (fn) => [fn, (scan: Scan) => [ref(scan, 'a')], { id: 'varchar' }] as const,
      ),
      ...['lag', 'lead'].flatMap((fn) =>
        [0, 2].map(
          (by) =>
            [
              fn,
              (scan: Scan) => [ref(scan, 'a'), lit('integer', String(by)), lit('varchar', 'none')],
              { id: 'varchar' },
            ] as const,
        ),
      ),
    ];

  test.each(functions)('%s', async (fn, args, type) => {
    const scan = engines.scan('String');
    // Rank functions see peers; the others need one order.
    const keys = fn.includes('rank') || fn === 'cume_dist' ? ['a'] : ['a', 'id'];
    const relation: Rel = {
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
    expect(await engines.differences(relation), engines.native(relation)).toEqual([]);
  });

  test('every rule has a case', () => {
    const tested = new Set(functions.map(([fn]) => fn));
    expect([...clickhouseWindowFunctions.keys()].filter((name) => !tested.has(name))).toEqual([]);
  });
});
