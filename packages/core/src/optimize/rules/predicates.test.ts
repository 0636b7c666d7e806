import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlanningBench } from '../../../test/optimize/planning-bench.js';
import { openSmallTables } from '../../../test/optimize/small-tables.js';

/** `a`, `c` and `e` are in source pg, `b` is in source lake; a.id and b.id are keys. */
describe('predicates: the optimiser makes of', () => {
  let bench: PlanningBench;
  beforeAll(async () => {
    bench = await openSmallTables();
  });
  afterAll(() => bench[Symbol.asyncDispose]());

  const plan = async (sql: string): Promise<string> => `\n${await bench.shownPlan(sql)}\n`;

  it('an OR over two sides: filters of each (derive-side-filters)', async () => {
    expect(
      await plan(
        'SELECT a.id FROM a JOIN b ON a.id = b.a_id WHERE (a.x = 1 AND b.z = 2) OR (a.x = 3 AND b.z = 4)',
      ),
    ).toMatchInlineSnapshot(`
      "
      project id
        inner join id = a_id, ((x = 1 and z = 2) or (x = 3 and z = 4))
          filter x in (1, 3)
            scan pg.a [id x]
          filter z in (2, 4)
            scan lake.b [a_id z]
      "
    `);
  });

  it('a filter on a join key: one on the other key too (transitive-predicates)', async () => {
    expect(await plan('SELECT a.y, b.z FROM a JOIN b ON a.x = b.x WHERE a.x IN (1, 2)'))
      .toMatchInlineSnapshot(`
      "
      project y, z
        inner join x = x
          filter x in (1, 2)
            scan pg.a [x y]
          filter x in (1, 2)
            scan lake.b [x z]
      "
    `);
  });

  it('a filter on the kept side of an outer join: one on the other side too (transitive-predicates)', async () => {
    expect(await plan('SELECT a.y, b.z FROM a LEFT JOIN b ON a.x = b.x WHERE a.x = 1'))
      .toMatchInlineSnapshot(`
      "
      project y, z
        left join x = x
          filter x = 1
            scan pg.a [x y]
          filter x = 1
            scan lake.b [x z]
      "
    `);
  });

  it('filters that cannot hold together: no source (contradictions)', async () => {
    expect(await plan('SELECT a.id FROM a JOIN b ON a.x = b.x WHERE a.x > 5 AND b.x < 3'))
      .toMatchInlineSnapshot(`
      "
      values 0
      "
    `);
  });

  it('a filter that a constraint settles: nothing (contradictions)', async () => {
    expect(await plan('SELECT id FROM a WHERE id IS NOT NULL')).toMatchInlineSnapshot(`
      "
      project id
        scan pg.a [id]
      "
    `);
  });

  it('a branch whose literal contradicts: nothing of it (empty-relations)', async () => {
    expect(
      await plan(
        "SELECT * FROM (SELECT id, 'pg' AS origin FROM a UNION ALL SELECT id, 'lake' FROM b) WHERE origin = 'lake'",
      ),
    ).toMatchInlineSnapshot(`
      "
      project id, lake
        scan lake.b [id]
      "
    `);
  });

  it('an outer join with nothing: NULLs (empty-relations)', async () => {
    expect(await plan('SELECT a.id, t.z FROM a LEFT JOIN (SELECT * FROM b WHERE 1 = 0) t ON a.id = t.a_id'))
      .toMatchInlineSnapshot(`
      "
      project id, NULL
        scan pg.a [id]
      "
    `);
  });

  it('an aggregate over nothing: its one row (empty-relations)', async () => {
    expect(await plan('SELECT count(*), sum(x) FROM a WHERE 1 = 0')).toMatchInlineSnapshot(`
      "
      project count_star, sum
        aggregate [] count_star(), sum(x)
          values 0
      "
    `);
  });
});
