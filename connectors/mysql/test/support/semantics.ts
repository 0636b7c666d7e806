import {
  type ComparisonOp,
  type DataType,
  type Expr,
  type Rel,
  type Scan,
  compare,
  typeName,
  typeOf,
} from '@tributary/connector-sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HostileEngines } from '../../../postgres/test/support/hostile-engines.js';
import { cast, lit, ref, withColumns } from '../../../postgres/test/support/expressions.js';
import { mySqlAggregates } from '../../src/dialect/aggregates.js';
import { mySqlCast } from '../../src/dialect/cast.js';
import { isComparable } from '../../src/dialect/comparison.js';
import { mySqlFunctions } from '../../src/dialect/functions.js';
import { mySqlWindowFunctions } from '../../src/dialect/window-functions.js';
import { aggregateCases, aggregateRelations, extremeCases } from './aggregate-cases.js';
import { callOf, describeCase, failingCases, totalCases } from './function-cases.js';
import { openHostileEngines } from './hostile-server.js';
import { type HostileType, hostileTypes } from './hostile-values.js';
import type { Product } from './server.js';
import { windowCases, windowRelation } from './window-cases.js';

/** Everything that the dialect says, over all pairs of hostile values, held against DuckDB to the last bit. */
export function describeSemantics(product: Product): void {
  let engines: HostileEngines<HostileType>;

  beforeAll(async () => {
    engines = await openHostileEngines(product);
  }, 60_000);

  afterAll(async () => {
    await engines?.[Symbol.asyncDispose]();
  });

  describe('scalar functions', () => {
    test.each(failingCases.map((each) => [describeCase(each), each] as const))('%s', async (_, each) => {
      const scan = engines.scan(each.over);
      const expr = callOf(each, ref(scan, 'a'), ref(scan, 'b'));
      // INT_MIN % -1 is 0 in MySQL; DuckDB fails.
      const mayAnswerMore = each.fn === '%' || each.fn === 'mod';
      expect(await engines.exprDifferences(scan, expr, mayAnswerMore), native(scan, expr)).toEqual([]);
    });

    test.each([...Map.groupBy(totalCases, ({ over }) => over)])('all others over %s', async (over, cases) => {
      const scan = engines.scan(over);
      const exprs = cases.map((each): Named => [
        describeCase(each),
        callOf(each, ref(scan, 'a'), ref(scan, 'b')),
      ]);
      expect(await disagreements(scan, exprs)).toEqual([]);
    });

    test('every rule has a case', () => {
      const tested = new Set([...failingCases, ...totalCases].map(({ fn }) => fn));
      const rules = mySqlFunctions(product);
      expect([...rules.keys()].filter((name) => !tested.has(name))).toEqual([]);
    });
  });

  /** DuckDB converts an integer beyond 64 bits to within a unit in the last place of DOUBLE. */
  describe('casts', () => {
    test.each(hostileTypes)('%s', async (over) => {
      const scan = engines.scan(over);
      const arg = ref(scan, 'a');
      const from = typeOf(arg);
      const isTotal = (to: DataType): boolean => mySqlCast('x', from, to, true) !== undefined;
      const total = castTargets
        .filter(isTotal)
        .flatMap((to): Named[] =>
          [false, true].map((isTry) => [`${isTry} ${typeName(to)}`, cast(arg, to, isTry)]),
        );
      expect(await disagreements(scan, total)).toEqual([]);
      for (const to of castTargets) {
        if (isTotal(to) || mySqlCast('x', from, to, false) === undefined) continue;
        const expr = cast(arg, to, false);
        expect(await engines.exprDifferences(scan, expr), native(scan, expr)).toEqual([]);
      }
    });
  });

  const comparable = hostileTypes.filter((type) => type !== "SET('a','b','c')");

  describe('comparisons', () => {
    test.each(comparable)('%s', async (type) => {
      const scan = engines.scan(type);
      const [a, b] = [ref(scan, 'a'), ref(scan, 'b')];
      const comparisons = operators.map((op): Named => [op, compare(op, a, b)]);
      const memberships = [false, true].map((negated): Named => [
        negated ? 'NOT IN' : 'IN',
        { kind: 'in', arg: a, list: [b, b], negated },
      ]);
      expect(await disagreements(scan, [...comparisons, ...memberships])).toEqual([]);
    });

    test('TIME is not compared in the source', () => {
      expect(isComparable({ id: 'interval' })).toBe(false);
    });
  });

  describe('order and groups', () => {
    test.each(comparable)('ORDER BY %s, as top-N too', async (type) => {
      const scan = engines.scan(type);
      for (const descending of [false, true]) {
        for (const nullsFirst of [false, true]) {
          const sorted: Rel = {
            kind: 'sort',
            input: scan,
            keys: [
              { expr: ref(scan, 'a'), descending, nullsFirst },
              { expr: ref(scan, 'id'), descending: false, nullsFirst: false },
            ],
          };
          expect(await engines.differences(sorted, { ordered: true, oneZero: true })).toEqual([]);
          const limited: Rel = {
            kind: 'limit',
            input: sorted,
            limit: lit('bigint', '7'),
            offset: lit('bigint', '2'),
          };
          expect(await engines.differences(limited, { ordered: true, oneZero: true })).toEqual([]);
        }
      }
    });

    const groupable = comparable.filter((type) => type !== 'FLOAT' && type !== 'DOUBLE');
    test.each(groupable)('GROUP BY, DISTINCT and count(DISTINCT) of %s', async (type) => {
      const scan = engines.scan(type);
      for (const relation of [grouped(scan), distinct(scan)]) {
        expect(await engines.differences(relation, { oneZero: true }), engines.native(relation)).toEqual([]);
      }
    });
  });

  describe('aggregates', () => {
    test.each(aggregateCases.map((each) => [`${each[0]}(${each[1]})`, ...each] as const))(
      '%s',
      async (_, fn, over, result) => {
        for (const relation of aggregateRelations(engines.scan(over), fn, result)) {
          const rounded = result.id === 'double';
          expect(await engines.differences(relation, { rounded }), engines.native(relation)).toEqual([]);
        }
      },
    );

    test.each(extremeCases)('%s(%s)', async (fn, over) => {
      const scan = engines.scan(over);
      for (const relation of aggregateRelations(scan, fn, typeOf(ref(scan, 'a')))) {
        expect(await engines.differences(relation, { oneZero: true }), engines.native(relation)).toEqual([]);
      }
    });

    test('every rule has a case', () => {
      const tested = new Set(['min', 'max', 'count', 'count_star', ...aggregateCases.map(([fn]) => fn)]);
      expect([...mySqlAggregates.keys()].filter((name) => !tested.has(name))).toEqual([]);
    });
  });

  describe('window functions', () => {
    test.each(windowCases(product))('%s', async (_, fn, args, type) => {
      const relation = windowRelation(engines.scan('TEXT'), fn, args, type);
      expect(await engines.differences(relation), engines.native(relation)).toEqual([]);
    });

    test('every rule has a case', () => {
      const tested = new Set(windowCases(product).map(([, fn]) => fn));
      expect([...mySqlWindowFunctions(product).keys()].filter((name) => !tested.has(name))).toEqual([]);
    });
  });

  /** What expressions that fail nowhere disagree on: all in one statement, and each by itself only where that finds something. */
  async function disagreements(scan: Scan, exprs: readonly Named[]): Promise<readonly string[]> {
    const columns = exprs.map(([name, expr]) => ({ name, expr, type: typeOf(expr) }));
    if ((await engines.differences(withColumns(scan, columns))).length === 0) return [];
    const found: string[] = [];
    for (const [name, expr] of exprs) {
      const differences = await engines.exprDifferences(scan, expr);
      found.push(...differences.map((difference) => `${name}: ${difference}`));
    }
    return found.length === 0 ? ['together only'] : found;
  }

  const native = (scan: Scan, expr: Expr): string =>
    engines.native(withColumns(scan, [{ name: 'x', expr, type: typeOf(expr) }]));
}

type Named = readonly [name: string, expr: Expr];

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

const castTargets: readonly DataType[] = [
  ...(
    [
      'boolean',
      'tinyint',
      'smallint',
      'integer',
      'bigint',
      'hugeint',
      'utinyint',
      'usmallint',
      'uinteger',
      'ubigint',
      'float',
      'double',
      'varchar',
      'date',
      'timestamp',
      'timestamptz',
    ] as const
  ).map((id) => ({ id })),
  { id: 'decimal', precision: 15, scale: 2 },
  { id: 'decimal', precision: 5, scale: 1 },
  { id: 'decimal', precision: 38, scale: 6 },
];

function grouped(scan: Scan): Rel {
  const a = ref(scan, 'a');
  const type: DataType = { id: 'bigint' };
  return {
    kind: 'aggregate',
    input: scan,
    groups: [{ id: 90_001, name: 'g', type: typeOf(a), expr: a }],
    aggregates: [
      { id: 90_002, name: 'n', type, call: { fn: 'count', args: [ref(scan, 'b')], distinct: true, type } },
      { id: 90_003, name: 'm', type, call: { fn: 'count_star', args: [], distinct: false, type } },
    ],
  };
}

function distinct(scan: Scan): Rel {
  const a = ref(scan, 'a');
  return {
    kind: 'distinct',
    input: { kind: 'project', input: scan, columns: [{ id: 90_004, name: 'a', type: typeOf(a), expr: a }] },
  };
}
