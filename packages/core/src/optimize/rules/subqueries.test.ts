import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlanningBench } from '../../../test/optimize/planning-bench.js';
import { openSmallTables } from '../../../test/optimize/small-tables.js';

/** `a`, `c` and `e` are in source pg, `b` is in source lake; a.id and b.id are keys. */
describe('subqueries: the optimiser makes of', () => {
  let bench: PlanningBench;
  beforeAll(async () => {
    bench = await openSmallTables();
  });
  afterAll(() => bench[Symbol.asyncDispose]());

  const plan = async (sql: string): Promise<string> => `\n${await bench.shownPlan(sql)}\n`;

  it('a scalar subquery of one row: no check for more (scalar-guard)', async () => {
    expect(await plan('SELECT id FROM a WHERE y > (SELECT avg(z) FROM b)')).toMatchInlineSnapshot(`
      "
      project id
        inner join y::double > avg
          scan pg.a [id y]
          aggregate [] avg(z)
            scan lake.b [z]
      "
    `);
  });

  it('IN as a filter: a semi join (mark-to-semi)', async () => {
    expect(await plan('SELECT id FROM a WHERE x IN (SELECT z FROM b)')).toMatchInlineSnapshot(`
      "
      project id
        semi join x = z
          scan pg.a [id x]
          scan lake.b [z]
      "
    `);
  });

  it('NOT IN over keys: an anti join (mark-to-semi)', async () => {
    expect(await plan('SELECT id FROM a WHERE id NOT IN (SELECT id FROM b)')).toMatchInlineSnapshot(`
      "
      project id
        anti join id = id
          scan pg.a [id]
          scan lake.b [id]
      "
    `);
  });

  it('NOT IN where NULLs may be: what it was (mark-to-semi)', async () => {
    expect(await plan('SELECT id FROM a WHERE x NOT IN (SELECT z FROM b)')).toMatchInlineSnapshot(`
      "
      project id
        filter not mark
          mark join x = z
            scan pg.a [id x]
            scan lake.b [z]
      "
    `);
  });

  it('EXISTS with an equality and more: a semi join (decorrelate)', async () => {
    expect(await plan('SELECT id FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.a_id = a.id AND b.z <> a.x)'))
      .toMatchInlineSnapshot(`
      "
      project id
        semi join a_id = id, z <> x
          scan pg.a [id x]
          scan lake.b [a_id z]
      "
    `);
  });

  it('a correlated aggregate: a grouped one (decorrelate)', async () => {
    expect(await plan('SELECT id FROM a WHERE y > (SELECT max(z) FROM b WHERE b.a_id = a.id)'))
      .toMatchInlineSnapshot(`
      "
      project id
        inner join id = id, y > max::bigint
          scan pg.a [id y]
          aggregate [a_id] max(z)
            filter a_id is not null
              scan lake.b [a_id z]
      "
    `);
  });

  it('a correlated count: one that is 0 for rows without a match (decorrelate)', async () => {
    expect(await plan('SELECT id, (SELECT count(*) FROM b WHERE b.a_id = a.id) FROM a'))
      .toMatchInlineSnapshot(`
      "
      project id, case count_star is null: 0; else count_star
        left join id = id
          scan pg.a [id]
          aggregate [a_id] count_star()
            filter a_id is not null
              scan lake.b [a_id]
      "
    `);
  });

  it('a lateral join that pads: a dependent join still (decorrelate)', async () => {
    expect(
      await plan('SELECT a.id, t.z FROM a LEFT JOIN LATERAL (SELECT z FROM b WHERE b.x > a.x) t ON true'),
    ).toMatchInlineSnapshot(`
      "
      project id, z
        dependent left join x = col0
          scan pg.a [id x]
          inner join x > col0
            scan lake.b [x z]
            dependent scan
      "
    `);
  });
});
