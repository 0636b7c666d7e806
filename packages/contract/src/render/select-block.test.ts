import { describe, expect, test } from 'vitest';
import {
  agg,
  aggregate,
  bigint,
  call,
  col,
  filter,
  int,
  integer,
  project,
  ref,
  scan,
  sort,
  t,
  text,
  varchar,
} from '../../test/render/plans.js';
import { useTestDatabase } from '../../test/render/run.js';
import { type Expr, type Rel, compare, literal } from '../plan/index.js';

const database = useTestDatabase();

const isOver = (rel: Rel, name: string, value: number): Expr => compare('>', col(rel, name), int(value));

describe('one block', () => {
  test('scan, filter and projection', async () => {
    const rel = project(filter(t(), isOver(t(), 'id', 1), isOver(t(), 'n', 5)), [
      20,
      'twice',
      call('*', [ref(3), int(2)]),
    ]);
    const { sql, rows } = await database.rendered(rel);
    expect(sql).toMatchInlineSnapshot(`
      "
      SELECT t."n" * 2 AS "twice"
      FROM "t" AS t
      WHERE t."id" > 1 AND t."n" > 5
      "
    `);
    expect(rows).toEqual([[60], [20]]);
  });

  test('a scan without columns counts rows', async () => {
    const { sql, rows } = await database.rendered(aggregate(scan('t', 1, []), [], agg(20, 'count_star')));
    expect(sql).toMatchInlineSnapshot(`
      "
      SELECT count(*) AS "count_star"
      FROM "t" AS t
      "
    `);
    expect(rows).toEqual([['4']]);
    expect((await database.rendered(scan('t', 1, []))).rows).toHaveLength(4);
  });

  test('GROUP BY, HAVING, ORDER BY, LIMIT', async () => {
    const grouped = aggregate(t(), [[20, 'name', ref(2, varchar)]], agg(21, 'count', [ref(3)]));
    const having = filter(grouped, compare('>', ref(21, bigint), literal(bigint, '0')));
    const rel: Rel = {
      kind: 'limit',
      input: sort(having, ref(21, bigint), ref(20, varchar)),
      limit: int(2),
      offset: int(0),
    };
    const { sql, rows } = await database.rendered(rel);
    expect(sql).toMatchInlineSnapshot(`
      "
      SELECT t."name", count(t."n") AS "count"
      FROM "t" AS t
      GROUP BY t."name"
      HAVING count(t."n") > 0
      ORDER BY "count" NULLS LAST, t."name" NULLS LAST
      LIMIT 2 OFFSET 0
      "
    `);
    expect(rows).toEqual([
      [null, '1'],
      ['a', '2'],
    ]);
  });

  test('an aggregation whose aggregates nobody reads still yields its one row', async () => {
    const { sql, rows } = await database.rendered(
      project(aggregate(t(), [], agg(20, 'count_star')), [21, 'one', int(1)]),
    );
    expect(sql).toMatchInlineSnapshot(`
      "
      SELECT 1 AS "one"
      FROM "t" AS t
      HAVING count(*) >= 0
      "
    `);
    expect(rows).toEqual([[1]]);
  });

  test('constants do not become positions in GROUP BY and ORDER BY', async () => {
    const grouped = aggregate(t(), [[20, 'k', int(2)]], agg(21, 'count_star'));
    const { sql, rows } = await database.rendered(sort(grouped, int(1), ref(20)));
    expect(sql).toMatchInlineSnapshot(`
      "
      SELECT q."k", count(*) AS "count_star"
      FROM (
        SELECT 2 AS "k"
        FROM "t" AS t
      ) AS q
      GROUP BY q."k"
      ORDER BY q."k" NULLS LAST
      "
    `);
    expect(rows).toEqual([[2, '4']]);
  });

  test('GROUPING SETS', async () => {
    const base = aggregate(
      t(),
      [
        [20, 'name', ref(2, varchar)],
        [21, 'n', ref(3)],
      ],
      agg(22, 'count_star'),
    );
    const rel = {
      ...base,
      groupingSets: [[0, 1], [0], []],
      groupingFunctions: [{ id: 23, name: 'g', type: bigint, args: [0, 1] }],
    };
    const { sql, rows } = await database.rendered(
      filter(rel, compare('=', ref(23, bigint), literal(bigint, '3'))),
    );
    expect(sql).toMatchInlineSnapshot(`
      "
      SELECT t."name", t."n", count(*) AS "count_star", grouping(t."name", t."n") AS "g"
      FROM "t" AS t
      GROUP BY GROUPING SETS ((t."name", t."n"), (t."name"), ())
      HAVING grouping(t."name", t."n") = 3
      "
    `);
    expect(rows).toEqual([[null, null, '4', '3']]);
  });

  test('window functions with a frame, filtered afterwards', async () => {
    const window: Rel = {
      kind: 'window',
      input: t(),
      functions: [
        {
          id: 20,
          name: 'running',
          type: bigint,
          call: {
            fn: 'sum',
            args: [ref(3)],
            distinct: false,
            ignoreNulls: false,
            partitionBy: [ref(2, varchar)],
            orderBy: [{ expr: ref(1), descending: true, nullsFirst: false }],
            frame: {
              unit: 'rows',
              start: { kind: 'preceding', offset: int(1) },
              end: { kind: 'current-row' },
              exclude: 'no-others',
            },
            type: bigint,
          },
        },
      ],
    };
    const { sql, rows } = await database.rendered(
      filter(window, compare('=', ref(20, bigint), literal(bigint, '20'))),
    );
    expect(sql).toMatchInlineSnapshot(`
      "
      SELECT q."id", q."name", q."n", q."running"
      FROM (
        SELECT t."id", t."name", t."n", sum(t."n") OVER (PARTITION BY t."name" ORDER BY t."id" DESC NULLS LAST ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS "running"
        FROM "t" AS t
      ) AS q
      WHERE q."running" = 20
      "
    `);
    expect(rows).toEqual([[1, 'a', 10, '20']]);
  });

  test('DISTINCT and DISTINCT ON', async () => {
    const names = project(t(), [20, 'name', ref(2, varchar), varchar]);
    const distinct = await database.rendered(sort({ kind: 'distinct', input: names }, ref(20, varchar)));
    expect(distinct.sql).toMatchInlineSnapshot(`
      "
      SELECT q."name"
      FROM (
        SELECT DISTINCT t."name"
        FROM "t" AS t
      ) AS q
      ORDER BY q."name" NULLS LAST
      "
    `);
    expect(distinct.rows).toEqual([['a'], ['b'], [null]]);
    const on = await database.rendered({
      kind: 'distinct',
      input: filter(t(), { kind: 'is-null', arg: ref(2, varchar), negated: true }),
      on: [ref(2, varchar)],
      orderBy: [{ expr: ref(1), descending: true, nullsFirst: false }],
    });
    expect(on.sql).toMatchInlineSnapshot(`
      "
      SELECT DISTINCT ON (t."name") t."id", t."name", t."n"
      FROM "t" AS t
      WHERE t."name" IS NOT NULL
      ORDER BY t."name", t."id" DESC NULLS LAST
      "
    `);
    expect(on.rows).toEqual([
      [4, 'a', 10],
      [2, 'b', null],
    ]);
  });

  test('a long computed column that is read twice is written once', async () => {
    const long = call(
      '+',
      Array.from({ length: 2 }, () =>
        call('abs', [call('+', [call('*', [ref(3), int(1234567)]), int(7654321)])]),
      ),
    );
    const inner = project(filter(t(), compare('=', ref(1), int(1))), [20, 'x', long]);
    const { sql, rows } = await database.rendered(project(inner, [21, 'y', call('-', [ref(20), ref(20)])]));
    expect(sql).toMatchInlineSnapshot(`
      "
      SELECT q."x" - q."x" AS "y"
      FROM (
        SELECT abs((t."n" * 1234567) + 7654321) + abs((t."n" * 1234567) + 7654321) AS "x"
        FROM "t" AS t
        WHERE t."id" = 1
      ) AS q
      "
    `);
    expect(rows).toEqual([[0]]);
  });

  test('a volatile column is computed once a row', async () => {
    const random = project(t(), [20, 'r', call('random', [])]);
    const { sql, rows } = await database.rendered(
      project(random, [21, 'same', compare('=', ref(20), ref(20))]),
    );
    expect(sql).toMatchInlineSnapshot(`
      "
      SELECT q."r" = q."r" AS "same"
      FROM (
        SELECT random() AS "r"
        FROM "t" AS t
      ) AS q
      "
    `);
    expect(rows).toEqual([[true], [true], [true], [true]]);
  });
});

describe('literal rows', () => {
  const columns = [
    { id: 1, name: 'a', type: integer },
    { id: 2, name: 'b', type: varchar },
  ];

  test('several, one, none', async () => {
    const several = await database.rendered({
      kind: 'values',
      columns,
      rows: [
        [int(1), text("it's")],
        [int(2), literal(varchar, null)],
      ],
    });
    expect(several.sql).toMatchInlineSnapshot(`
      "
      SELECT v."a", v."b"
      FROM (VALUES (1, 'it''s'), (2, NULL::VARCHAR)) AS v("a", "b")
      "
    `);
    expect(several.rows).toEqual([
      [1, "it's"],
      [2, null],
    ]);
    const one = await database.rendered({ kind: 'values', columns, rows: [[int(1), text('x')]] });
    expect(one.sql).toMatchInlineSnapshot(`
      "
      SELECT 1 AS "a", 'x' AS "b"
      "
    `);
    const none = await database.rendered({ kind: 'values', columns, rows: [] });
    expect(none.sql).toMatchInlineSnapshot(`
      "
      SELECT NULL::INTEGER AS "a", NULL::VARCHAR AS "b"
      WHERE 1 = 0
      "
    `);
    expect(none.rows).toEqual([]);
  });

  test('rows without columns keep their number', async () => {
    expect((await database.rendered({ kind: 'values', columns: [], rows: [[], [], []] })).rows).toHaveLength(
      3,
    );
  });
});
