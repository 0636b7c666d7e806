import type { Rel } from '@tributary/contract';
import { tpchQuery } from '@tributary/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PlanningBench } from '../../../test/optimize/planning-bench.js';
import { Estimator } from './estimate.js';

describe('Estimator, with the statistics of TPC-H at scale 0.01', () => {
  let bench: PlanningBench;
  beforeAll(async () => {
    bench = await PlanningBench.tpch(() => 'pg');
  });
  afterAll(() => bench[Symbol.asyncDispose]());

  const estimate = async (sql: string): Promise<number> => {
    const { optimized, context } = await bench.plan(sql);
    return new Estimator(context, optimized).rows(optimized);
  };

  /** Estimates within this factor of the truth choose the right plan. */
  it.each([
    ['a table', 'SELECT l_orderkey FROM lineitem', 1.01],
    ['an equality', "SELECT * FROM customer WHERE c_mktsegment = 'BUILDING'", 1.3],
    ['a list', "SELECT * FROM lineitem WHERE l_shipmode IN ('AIR', 'RAIL')", 1.3],
    [
      'a range of dates',
      "SELECT * FROM orders WHERE o_orderdate >= '1994-01-01' AND o_orderdate < '1995-01-01'",
      1.3,
    ],
    ['a range of decimals', 'SELECT * FROM lineitem WHERE l_quantity < 24', 1.3],
    ['a key', 'SELECT * FROM orders WHERE o_orderkey = 7', 1.01],
    ['a join by a key', 'SELECT 1 FROM lineitem JOIN orders ON l_orderkey = o_orderkey', 1.05],
    [
      'a join by a key of two columns',
      'SELECT 1 FROM lineitem JOIN partsupp ON l_partkey = ps_partkey AND l_suppkey = ps_suppkey',
      1.05,
    ],
    [
      'a join with a filtered key',
      "SELECT 1 FROM lineitem JOIN orders ON l_orderkey = o_orderkey WHERE o_orderdate < '1993-01-01'",
      1.3,
    ],
    [
      'a join with a filtered key that was joined before',
      "SELECT 1 FROM lineitem JOIN orders ON l_orderkey = o_orderkey JOIN customer ON o_custkey = c_custkey WHERE c_mktsegment = 'BUILDING'",
      1.3,
    ],
    ['a many-to-many join', 'SELECT 1 FROM supplier JOIN customer ON s_nationkey = c_nationkey', 1.5],
    ['groups', 'SELECT l_returnflag, l_linestatus FROM lineitem GROUP BY ALL', 2],
    ['groups by a key', 'SELECT l_orderkey, count(*) FROM lineitem GROUP BY ALL', 1.05],
    [
      'a semi join',
      "SELECT 1 FROM orders WHERE o_custkey IN (SELECT c_custkey FROM customer WHERE c_mktsegment = 'BUILDING')",
      2,
    ],
    ['a union', 'SELECT 1 FROM region UNION ALL SELECT 2 FROM nation', 1.01],
    ['a limit', 'SELECT 1 FROM nation LIMIT 3', 1.01],
  ])('estimates %s', async (_title, sql, factor) => {
    const rows = await estimate(sql);
    const actual = await bench.count(sql);
    expect(Math.max(rows / actual, actual / rows)).toBeLessThan(factor);
  });

  it('follows CTEs to their definition', async () => {
    const { optimized, context } = await bench.plan(await tpchQuery(15));
    const reads: Rel[] = [];
    const estimator = new Estimator(context, optimized);
    const visit = (rel: Rel): void => {
      if (rel.kind === 'cte-ref') reads.push(rel);
      if ('input' in rel) visit(rel.input);
      if ('left' in rel) [rel.left, rel.right].forEach(visit);
      if (rel.kind === 'with') {
        const { definition, body } = rel;
        visit(body);
        expect(reads.map((r) => estimator.rows(r))).toEqual(reads.map(() => estimator.rows(definition)));
      }
    };
    visit(optimized);
    expect(reads.length).toBeGreaterThan(1);
  });
});
