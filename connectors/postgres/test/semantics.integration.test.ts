import {
  type ComparisonOp,
  type DataType,
  type Expr,
  type Rel,
  type Scan,
  compare,
  typeName,
  typeOf,
} from '@tributary/contract/plan';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postgresCast } from '../src/dialect/cast.js';
import { isComparable } from '../src/dialect/comparison.js';
import { postgresFunctions } from '../src/dialect/functions.js';
import { postgresAggregates } from '../src/dialect/aggregates.js';
import { postgresWindowFunctions } from '../src/dialect/window-functions.js';
import { cast, lit, ref, withColumns } from './support/expressions.js';
import { callOf, describeCase, functionCases } from './support/function-cases.js';
import { HostileEngines } from './support/hostile-engines.js';
import { type HostileType, hostileTypes } from './support/hostile-values.js';

let engines: HostileEngines;

beforeAll(async () => {
  engines = await HostileEngines.open();
});

afterAll(async () => {
  await engines?.[Symbol.asyncDispose]();
});

function only(scan: Scan, expr: Expr): Rel {
  return withColumns(scan, [{ name: 'x', expr, type: typeOf(expr) }]);
}

/** INT_MIN % -1 is 0 in PostgreSQL; DuckDB fails, as it does where a product leaves its decimal. */
const answersMore: ReadonlySet<string> = new Set(['%', 'mod']);

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
    expect([...postgresFunctions.keys()].filter((name) => !tested.has(name))).toEqual([]);
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
      if (postgresCast('x', from, to, isTry) === undefined) continue;
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
const comparable = (type: HostileType): boolean => type !== 'interval';

describe('comparisons', () => {
  test.each(hostileTypes.filter(comparable).flatMap((type) => operators.map((op) => [type, op] as const)))(
    '%s %s',
    async (type, op) => {
      const scan = engines.scan(type);
      expect(await engines.exprDifferences(scan, compare(op, ref(scan, 'a'), ref(scan, 'b')))).toEqual([]);
    },
  );

  test.each(hostileTypes.filter(comparable))('IN over %s', async (type) => {
    const scan = engines.scan(type);
    for (const negated of [false, true]) {
      const expr: Expr = { kind: 'in', arg: ref(scan, 'a'), list: [ref(scan, 'b'), ref(scan, 'b')], negated };
      expect(await engines.exprDifferences(scan, expr)).toEqual([]);
    }
  });

  test('intervals are not compared in the source', () => {
    expect(isComparable({ id: 'interval' })).toBe(false);
    const scan = engines.scan('interval');
    expect(() => engines.native(only(scan, compare('=', ref(scan, 'a'), ref(scan, 'b'))))).toThrow(
      /COMPARABLE|COMPARISON/,
    );
  });
});

describe('order and groups', () => {
  const directions = [
    { descending: false, nullsFirst: false },
    { descending: false, nullsFirst: true },
    { descending: true, nullsFirst: false },
    { descending: true, nullsFirst: true },
  ];

  test.each(hostileTypes.filter(comparable))('ORDER BY %s, as top-N too', async (type) => {
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

  test.each(hostileTypes.filter(comparable))('GROUP BY, DISTINCT and count(DISTINCT) of %s', async (type) => {
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
  ...(['smallint', 'integer', 'bigint'] as const).flatMap((over) => [
    ['sum', over, { id: 'hugeint' }] as const,
    ['avg', over, { id: 'double' }] as const,
    ['bit_and', over, { id: over }] as const,
    ['bit_or', over, { id: over }] as const,
  ]),
  ['sum', 'numeric(15,2)', decimal(38, 2)],
  ['avg', 'numeric(15,2)', { id: 'double' }],
  ['avg', 'numeric(6,3)', { id: 'double' }],
  ['bool_and', 'boolean', { id: 'boolean' }],
  ['bool_or', 'boolean', { id: 'boolean' }],
  ['count_if', 'boolean', { id: 'hugeint' }],
];
/** Without the extremes, whose sums leave the range of double: there PostgreSQL fails and DuckDB says Infinity. */
const floatAggregates: readonly (readonly [fn: string, over: HostileType, result: DataType])[] = [
  ['sum', 'double precision', { id: 'double' }],
  ['avg', 'double precision', { id: 'double' }],
];
const extremes = hostileTypes.filter((type) => !['interval', 'uuid', 'bytea', 'mood'].includes(type));

describe('aggregates', () => {
  /** By groups, over no rows at all, DISTINCT, with a filter, and as a window. */
  const relations = (scan: Scan, fn: string, result: DataType): readonly Rel[] => {
    const a = ref(scan, 'a');
    const b = ref(scan, 'b');
    const condition = compare('>', ref(scan, 'id'), { kind: 'literal', type: { id: 'bigint' }, value: '20' });
    const of = (distinct: boolean, filtered: boolean): Rel => ({
      kind: 'aggregate',
      input: scan,
      groups: [{ id: 90_001, name: 'g', type: typeOf(b), expr: b }],
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
      ...(fn === 'count_if' ? [] : [of(true, false)]),
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
    expect([...postgresAggregates.keys()].filter((name) => !tested.has(name))).toEqual([]);
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
        [-1, 0, 2].map(
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
    const scan = engines.scan('text');
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
    expect([...postgresWindowFunctions.keys()].filter((name) => !tested.has(name))).toEqual([]);
  });
});
