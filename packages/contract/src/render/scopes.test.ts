import { describe, expect, test } from 'vitest';
import {
  agg,
  aggregate,
  filter,
  integer,
  join,
  project,
  ref,
  sort,
  t,
  u,
  bigint,
} from '../../test/render/plans.js';
import { useTestDatabase } from '../../test/render/run.js';
import { type Expr, type Rel, compare } from '../plan/index.js';

const database = useTestDatabase();

describe('plans with a scope', () => {
  test('a CTE is written once and read twice', async () => {
    const definition = aggregate(u(), [[20, 't_id', ref(12)]], agg(21, 'count_star'));
    const reference = (base: number): Rel => ({
      kind: 'cte-ref',
      cte: 1,
      columns: [{ id: base, name: 'k', type: integer }],
      feeds: [20],
    });
    const body = join('inner', reference(40), reference(50), compare('=', ref(40), ref(50)));
    const { sql, rows } = await database.rendered(
      sort({ kind: 'with', id: 1, name: 'Totals!', definition, body }, ref(40)),
    );
    expect(sql).toMatchInlineSnapshot(`
      "
      WITH cte_totals_ AS MATERIALIZED (
        SELECT u."t_id"
        FROM "u" AS u
        GROUP BY u."t_id"
      )
      SELECT t."t_id" AS "k", t2."t_id" AS "k"
      FROM cte_totals_ AS t
      JOIN cte_totals_ AS t2 ON t."t_id" = t2."t_id"
      ORDER BY t."t_id" NULLS LAST
      "
    `);
    expect(rows).toEqual([
      [1, 1],
      [2, 2],
      [9, 9],
    ]);
  });

  const dependent = (type: 'single' | 'inner', on: readonly Expr[], right: (values: Rel) => Rel): Rel => ({
    kind: 'dependent-join',
    id: 1,
    type,
    left: t(),
    right: right({ kind: 'dependent-scan', join: 1, columns: [{ id: 60, name: 'id', type: integer }] }),
    on,
    correlated: [ref(1)],
  });
  const same = compare('is-not-distinct', ref(1), ref(60));

  test('a correlated scalar subquery', async () => {
    const counted = (values: Rel): Rel =>
      join(
        'inner',
        values,
        aggregate(
          filter(
            join('inner', u(), {
              kind: 'dependent-scan',
              join: 1,
              columns: [{ id: 61, name: 'id', type: integer }],
            }),
            compare('=', ref(12), ref(61)),
          ),
          [[62, 'id', ref(61)]],
          agg(63, 'max', [ref(13)], integer),
        ),
        compare('is-not-distinct', ref(60), ref(62)),
      );
    const rel = project(dependent('single', [same], counted), [70, 'id', ref(1)], [71, 'm', ref(63)]);
    const { sql, rows } = await database.rendered(sort(rel, ref(70)));
    expect(sql).toMatchInlineSnapshot(`
      "
      SELECT t."id", (
        SELECT max(u."v") AS "max"
        FROM "u" AS u
        WHERE u."t_id" = t."id"
        HAVING count(*) > 0
      ) AS "m"
      FROM "t" AS t
      ORDER BY t."id" NULLS LAST
      "
    `);
    expect(rows).toEqual([
      [1, 7],
      [2, null],
      [3, null],
      [4, null],
    ]);
  });

  test('a lateral join', async () => {
    const rel = project(
      dependent('inner', [same], (values) =>
        filter(join('inner', u(), values), compare('=', ref(12), ref(60))),
      ),
      [70, 'id', ref(1)],
      [71, 'v', ref(13)],
    );
    const { sql, rows } = await database.rendered(sort(rel, ref(70), ref(71)));
    expect(sql).toMatchInlineSnapshot(`
      "
      SELECT t."id", q."v"
      FROM "t" AS t
      CROSS JOIN LATERAL (
        SELECT u."v"
        FROM "u" AS u
        WHERE u."t_id" = t."id"
      ) AS q
      ORDER BY t."id" NULLS LAST, q."v" NULLS LAST
      "
    `);
    expect(rows).toEqual([
      [1, 5],
      [1, 7],
      [2, null],
    ]);
  });

  test('where the right side does not join on the values themselves, the left side is shared', async () => {
    const over = compare('>', ref(11), ref(60));
    const rel = project(
      dependent('inner', [compare('<', ref(1), ref(11))], (values) => join('inner', u(), values, over)),
      [70, 'id', ref(1)],
      [71, 'u', ref(11)],
      [72, 'd', ref(60)],
    );
    const { sql, rows } = await database.rendered(
      aggregate(rel, [], agg(80, 'count_star'), agg(81, 'max', [ref(72)], integer)),
    );
    expect(sql).toMatchInlineSnapshot(`
      "
      WITH cte_outer_1 AS MATERIALIZED (
        SELECT t."id"
        FROM "t" AS t
      )
      SELECT count(*) AS "count_star", max(q."id") AS "max"
      FROM cte_outer_1 AS d2
      JOIN ("u" AS u2
      JOIN (
        SELECT DISTINCT d3."id"
        FROM cte_outer_1 AS d3
      ) AS q ON u2."id" > q."id") ON d2."id" < u2."id"
      "
    `);
    // Pairs (u, d) with u > d, each beside every t with t < u: 1*1 + 2*2 + 3*3 + 4*4.
    expect(rows).toEqual([['30', 4]]);
  });

  test('no value of an enclosing block stands in the condition of an outer or semi join', async () => {
    const values: Rel = {
      kind: 'dependent-scan',
      join: 1,
      columns: [{ id: 61, name: 'id', type: integer }],
    };
    const left = filter(join('inner', u(), values), compare('=', ref(12), ref(61)));
    const nested = (type: 'left' | 'semi'): Rel =>
      dependent('single', [compare('is-not-distinct', ref(1), ref(62))], () =>
        aggregate(
          join(type, left, u(21), compare('=', ref(61), ref(22)), compare('=', ref(11), ref(21))),
          [[62, 'id', ref(61)]],
          agg(63, 'count', [ref(type === 'left' ? 21 : 11)]),
        ),
      );
    const counts = (type: 'left' | 'semi'): Rel =>
      sort(project(nested(type), [70, 'id', ref(1)], [71, 'c', ref(63, bigint), bigint]), ref(70));
    const outer = await database.rendered(counts('left'));
    expect(outer.sql).toMatchInlineSnapshot(`
      "
      SELECT t."id", (
        SELECT q2."count"
        FROM (
          SELECT q."id_1" AS "id", count(u2."id") AS "count"
          FROM (
            SELECT u."id", t."id" AS "id_1"
            FROM "u" AS u
            WHERE u."t_id" = t."id"
          ) AS q
          LEFT JOIN "u" AS u2 ON q."id_1" = u2."t_id" AND q."id" = u2."id"
          GROUP BY q."id_1"
        ) AS q2
        WHERE t."id" IS NOT DISTINCT FROM q2."id"
      ) AS "c"
      FROM "t" AS t
      ORDER BY t."id" NULLS LAST
      "
    `);
    expect(outer.rows).toEqual([
      [1, '2'],
      [2, '1'],
      [3, null],
      [4, null],
    ]);
    const semi = await database.rendered(counts('semi'));
    expect(semi.sql).toMatchInlineSnapshot(`
      "
      SELECT t."id", (
        SELECT count(u."id") AS "count"
        FROM "u" AS u
        WHERE u."t_id" = t."id" AND EXISTS (
          SELECT 1
          FROM "u" AS u2
          WHERE t."id" = u2."t_id" AND u."id" = u2."id"
        )
        HAVING count(*) > 0
      ) AS "c"
      FROM "t" AS t
      ORDER BY t."id" NULLS LAST
      "
    `);
    expect(semi.rows).toEqual(outer.rows);
  });
});
