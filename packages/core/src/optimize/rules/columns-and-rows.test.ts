import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlanningBench } from '../../../test/optimize/planning-bench.js';
import { openSmallTables } from '../../../test/optimize/small-tables.js';

/** `a`, `c` and `e` are in source pg, `b` is in source lake; a.id and b.id are keys. */
describe('columns and rows: the optimiser makes of', () => {
  let bench: PlanningBench;
  beforeAll(async () => {
    bench = await openSmallTables();
  });
  afterAll(() => bench[Symbol.asyncDispose]());

  const plan = async (sql: string): Promise<string> => `\n${await bench.shownPlan(sql)}\n`;

  it('a CTE that is read once: its definition in place (inline-ctes)', async () => {
    expect(await plan('WITH t AS (SELECT id, x FROM a) SELECT id FROM t WHERE x = 1')).toMatchInlineSnapshot(`
      "
      project id
        filter x = 1
          scan pg.a [id x]
      "
    `);
  });

  it('unused columns, aggregates and windows: nothing (prune-columns)', async () => {
    expect(
      await plan(
        'SELECT x FROM (SELECT x, count(*) AS n, row_number() OVER () AS r FROM (SELECT * FROM a) GROUP BY x)',
      ),
    ).toMatchInlineSnapshot(`
      "
      project x
        aggregate [x] 
          scan pg.a [x]
      "
    `);
  });

  it('an outer join by a key that nobody reads: nothing (prune-columns)', async () => {
    expect(await plan('SELECT b.id FROM b LEFT JOIN a ON b.a_id = a.id')).toMatchInlineSnapshot(`
      "
      project id
        scan lake.b [id]
      "
    `);
  });

  it('an outer join that repeats rows: itself (prune-columns)', async () => {
    expect(await plan('SELECT b.id FROM b LEFT JOIN c ON b.x = c.x')).toMatchInlineSnapshot(`
      "
      project id
        left join x = x
          scan lake.b [id x]
          scan pg.c [x]
      "
    `);
  });

  it('projections: one (merge-projections)', async () => {
    expect(await plan('SELECT k + 1 AS k FROM (SELECT x + 1 AS k FROM (SELECT x, y FROM a))'))
      .toMatchInlineSnapshot(`
      "
      project +(+(x, 1), 1)
        scan pg.a [x]
      "
    `);
  });

  it('DISTINCT with a key: no DISTINCT (distinct-removal)', async () => {
    expect(await plan('SELECT DISTINCT id, x FROM a')).toMatchInlineSnapshot(`
      "
      project id, x
        scan pg.a [id x]
      "
    `);
  });

  it('DISTINCT without a key: itself (distinct-removal)', async () => {
    expect(await plan('SELECT DISTINCT x, y FROM a')).toMatchInlineSnapshot(`
      "
      distinct
        project x, y
          scan pg.a [x y]
      "
    `);
  });

  it('an order that nobody sees: none (sort-removal)', async () => {
    expect(await plan('SELECT sum(y) FROM (SELECT y FROM a ORDER BY y)')).toMatchInlineSnapshot(`
      "
      project sum
        aggregate [] sum(y)
          scan pg.a [y]
      "
    `);
  });

  it('an order that a limit needs: itself (sort-removal)', async () => {
    expect(await plan('SELECT sum(y) FROM (SELECT y FROM a ORDER BY y LIMIT 2)')).toMatchInlineSnapshot(`
      "
      project sum
        aggregate [] sum(y)
          limit 2
            sort y
              scan pg.a [y]
      "
    `);
  });

  it('limits: one (limit-pushdown)', async () => {
    expect(await plan('SELECT id FROM (SELECT id FROM a LIMIT 10 OFFSET 2) LIMIT 20 OFFSET 3'))
      .toMatchInlineSnapshot(`
      "
      project id
        limit 7 offset 5
          scan pg.a [id]
      "
    `);
  });

  it('a top-N over UNION ALL: one in each branch too (limit-pushdown)', async () => {
    expect(
      await plan(
        'SELECT k FROM (SELECT x AS k FROM a UNION ALL SELECT z FROM b) ORDER BY k LIMIT 2 OFFSET 1',
      ),
    ).toMatchInlineSnapshot(`
      "
      limit 2 offset 1
        sort k
          project k
            union all
              limit 3
                sort x
                  scan pg.a [x]
              limit 3
                sort z
                  scan lake.b [z]
      "
    `);
  });

  it('a top-N over an outer join: one on the kept side too (limit-pushdown)', async () => {
    expect(await plan('SELECT a.id, b.z FROM a LEFT JOIN b ON a.id = b.a_id ORDER BY a.id LIMIT 2'))
      .toMatchInlineSnapshot(`
      "
      limit 2
        sort id
          project id, z
            left join id = a_id
              limit 2
                sort id
                  scan pg.a [id]
              scan lake.b [a_id z]
      "
    `);
  });
});
