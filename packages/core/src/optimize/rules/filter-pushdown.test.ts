import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlanningBench } from '../../../test/optimize/planning-bench.js';
import { openSmallTables } from '../../../test/optimize/small-tables.js';

/** `a`, `c` and `e` are in source pg, `b` is in source lake; a.id and b.id are keys. */
describe('filter pushdown: the optimiser makes of', () => {
  let bench: PlanningBench;
  beforeAll(async () => {
    bench = await openSmallTables();
  });
  afterAll(() => bench[Symbol.asyncDispose]());

  const plan = async (sql: string): Promise<string> => `\n${await bench.shownPlan(sql)}\n`;

  it('a filter above a join: filters of its sides, and a join condition (filter-pushdown)', async () => {
    expect(await plan('SELECT a.id FROM a, b WHERE a.id = b.a_id AND a.x = 1 AND b.z > 2'))
      .toMatchInlineSnapshot(`
      "
      project id
        inner join id = a_id
          filter x = 1
            scan pg.a [id x]
          filter z > 2
            scan lake.b [a_id z]
      "
    `);
  });

  it('a filter that no padded row passes: an inner join (filter-pushdown)', async () => {
    expect(await plan('SELECT a.id, b.z FROM a LEFT JOIN b ON a.id = b.a_id WHERE b.z > 2'))
      .toMatchInlineSnapshot(`
      "
      project id, z
        inner join id = a_id
          scan pg.a [id]
          filter z > 2
            scan lake.b [a_id z]
      "
    `);
  });

  it('a filter that padded rows pass: itself, above the join (filter-pushdown)', async () => {
    expect(await plan('SELECT a.id, b.z FROM a LEFT JOIN b ON a.id = b.a_id WHERE b.z IS NULL'))
      .toMatchInlineSnapshot(`
      "
      project id, z
        filter z is null
          left join id = a_id
            scan pg.a [id]
            scan lake.b [a_id z]
      "
    `);
  });

  it('a condition on the kept side of an outer join: a condition still (filter-pushdown)', async () => {
    expect(await plan('SELECT a.id, b.z FROM a LEFT JOIN b ON a.id = b.a_id AND a.x = 1'))
      .toMatchInlineSnapshot(`
      "
      project id, z
        left join id = a_id, x = 1
          scan pg.a [id x]
          scan lake.b [a_id z]
      "
    `);
  });

  it('a filter above set operations: one in each branch (filter-pushdown)', async () => {
    expect(await plan('SELECT k FROM (SELECT x AS k FROM a UNION SELECT z FROM b) WHERE k > 2'))
      .toMatchInlineSnapshot(`
      "
      project k
        union
          filter x > 2
            scan pg.a [x]
          filter z > 2
            scan lake.b [z]
      "
    `);
  });

  it('a filter on a group key: one below; on an aggregate: one above (filter-pushdown)', async () => {
    expect(await plan('SELECT * FROM (SELECT x, count(*) AS n FROM a GROUP BY x) WHERE x > 1 AND n > 1'))
      .toMatchInlineSnapshot(`
      "
      project x, count_star
        filter count_star > 1
          aggregate [x] count_star()
            filter x > 1
              scan pg.a [x]
      "
    `);
  });

  it('a filter above grouping sets: one below only for a key of all of them (filter-pushdown)', async () => {
    expect(
      await plan(
        'SELECT * FROM (SELECT x, y, count(*) FROM a GROUP BY GROUPING SETS ((x), (x, y))) WHERE x > 1 AND y > 1',
      ),
    ).toMatchInlineSnapshot(`
      "
      project x, y, count_star
        filter y > 1
          aggregate [x, y] count_star()
            filter x > 1
              scan pg.a [x y]
      "
    `);
  });

  it('a filter above a window: one below only for a partition key (filter-pushdown)', async () => {
    expect(
      await plan(
        'SELECT * FROM (SELECT x, y, row_number() OVER (PARTITION BY x ORDER BY y) AS n FROM a) WHERE x = 1 AND y = 10',
      ),
    ).toMatchInlineSnapshot(`
      "
      project x, y, row_number
        filter y = 10
          window row_number
            filter x = 1
              scan pg.a [x y]
      "
    `);
  });

  it('a filter above a limit: itself (filter-pushdown)', async () => {
    expect(await plan('SELECT * FROM (SELECT id FROM a LIMIT 3) WHERE id > 1')).toMatchInlineSnapshot(`
      "
      project id
        filter id > 1
          limit 3
            scan pg.a [id]
      "
    `);
  });

  it('a volatile filter: itself (filter-pushdown)', async () => {
    expect(await plan('SELECT id FROM (SELECT id, random() AS r FROM a) WHERE r < 0.5 AND id = 1'))
      .toMatchInlineSnapshot(`
      "
      project id
        filter r < 0.5::double
          project id, random()
            filter id = 1
              scan pg.a [id]
      "
    `);
  });
});
