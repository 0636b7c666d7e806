import type { FederatedDataSourceInfo } from '@tributary/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlanningBench } from '../../../test/optimize/planning-bench.js';
import { showRel } from '../../../test/optimize/show.js';
import { openSmallTables } from '../../../test/optimize/small-tables.js';
import { optimize } from '../optimize.js';

/** `a`, `c` and `e` are in source pg, `b` is in source lake; a.id and b.id are keys. */
describe('joins and aggregates: the optimiser makes of', () => {
  let bench: PlanningBench;
  beforeAll(async () => {
    bench = await openSmallTables();
  });
  afterAll(() => bench[Symbol.asyncDispose]());

  const plan = async (sql: string): Promise<string> => `\n${await bench.shownPlan(sql)}\n`;

  it('an aggregate over a union of sources: one in each of them (partial-aggregation)', async () => {
    expect(
      await plan(
        'SELECT k, count(*), avg(k) FROM (SELECT x AS k FROM a UNION ALL SELECT z FROM b) GROUP BY k',
      ),
    ).toMatchInlineSnapshot(`
      "
      project k, count_star::bigint, /(avg::double, avg::double)
        aggregate [k] sum(count_star), sum(avg), sum(avg)
          union all
            aggregate [x] count_star(), sum(x), count(x)
              scan pg.a [x]
            aggregate [z] count_star(), sum(z), count(z)
              scan lake.b [z]
      "
    `);
  });

  it('an aggregate over a union in one source: itself (partial-aggregation)', async () => {
    expect(await plan('SELECT k, count(*) FROM (SELECT x AS k FROM a UNION ALL SELECT w FROM c) GROUP BY k'))
      .toMatchInlineSnapshot(`
      "
      project k, count_star
        aggregate [k] count_star()
          union all
            scan pg.a [x]
            scan pg.c [w]
      "
    `);
  });

  it('a count of distinct values over a union of sources: itself (partial-aggregation)', async () => {
    expect(await plan('SELECT count(DISTINCT k) FROM (SELECT x AS k FROM a UNION ALL SELECT z FROM b)'))
      .toMatchInlineSnapshot(`
      "
      project count
        aggregate [] count(distinct k)
          union all
            scan pg.a [x]
            scan lake.b [z]
      "
    `);
  });

  it('joins of two sources: those of one source first (join-order)', async () => {
    expect(await plan('SELECT a.id, b.z, c.w FROM a JOIN b ON a.id = b.a_id JOIN c ON a.id = c.w'))
      .toMatchInlineSnapshot(`
        "
        project id, z, w
          inner join a_id = id
            scan lake.b [a_id z]
            inner join id = w
              scan pg.a [id]
              scan pg.c [w]
        "
      `);
  });

  it('joins of files: whichever leave the fewest rows first, for files join nothing (join-order)', async () => {
    const sql = 'SELECT a.id, b.z, c.w FROM a JOIN c ON a.id = c.w JOIN b ON a.x = b.id AND b.z = 5';
    expect(await plan(sql)).toMatchInlineSnapshot(`
      "
      project id, z, w
        inner join x = id
          inner join id = w
            scan pg.a [id x]
            scan pg.c [w]
          filter z = 5
            scan lake.b [id z]
      "
    `);
    const { bound, context } = await bench.plan(sql);
    const capabilities = { kind: 'plain', limit: 'none', offset: false, keySets: undefined } as const;
    const info = (source: string): FederatedDataSourceInfo | undefined => {
      const known = context.info(source);
      return known && { ...known, capabilities };
    };
    expect(`\n${showRel(optimize(bound, { ...context, info }))}\n`).toMatchInlineSnapshot(`
      "
      project id, z, w
        inner join w = id
          scan pg.c [w]
          inner join x = id
            scan pg.a [id x]
            filter z = 5
              scan lake.b [id z]
      "
    `);
  });

  it('joins whose equality is only implied: that equality (join-order)', async () => {
    expect(await plan('SELECT a.id, b.z, c.w FROM a JOIN b ON a.id = b.id JOIN c ON b.id = c.w'))
      .toMatchInlineSnapshot(`
      "
      project id, z, w
        inner join id = id
          scan lake.b [id z]
          inner join id = w
            scan pg.a [id]
            scan pg.c [w]
      "
    `);
  });
});
