import { describe, expect, test } from 'vitest';
import {
  agg,
  aggregate,
  col,
  filter,
  int,
  integer,
  join,
  project,
  ref,
  sort,
  t,
  u,
} from '../../test/render/plans.js';
import { useTestDatabase } from '../../test/render/run.js';
import { type Expr, type Rel, compare } from '../plan/index.js';
import { duckdbDialect } from './duckdb/dialect.js';
import { renderQuery } from './render-query.js';

const database = useTestDatabase();

const isOver = (rel: Rel, name: string, value: number): Expr => compare('>', col(rel, name), int(value));

describe('joins', () => {
  const on = compare('=', ref(1), ref(12));
  const ids = (rel: Rel): Rel => project(rel, [30, 'a', ref(1)], [31, 'b', ref(11)]);

  test('inner joins are one chain, each condition where its tables are, or in the order of the relation', async () => {
    const right = join('inner', u(), u(21), compare('=', ref(11), ref(21)));
    const rel = sort(ids(join('inner', t(), right, on)), ref(31));
    const written = renderQuery(rel, { dialect: duckdbDialect }).sql;
    expect(written).toContain('JOIN ("u" AS u\nJOIN "u" AS u2 ON u."id" = u2."id") ON t."id" = u."t_id"');
    const { sql, rows } = await database.rendered(rel, {
      dialect: { ...duckdbDialect, joinsAsWritten: false },
    });
    expect(sql).toMatchInlineSnapshot(`
      "
      SELECT t."id" AS "a", u."id" AS "b"
      FROM "t" AS t
      JOIN "u" AS u ON t."id" = u."t_id"
      JOIN "u" AS u2 ON u."id" = u2."id"
      ORDER BY u."id" NULLS LAST
      "
    `);
    expect(rows).toEqual([
      [1, 1],
      [1, 2],
      [2, 3],
    ]);
  });

  test('nested: a join that is joined is a sub-select, which keeps it together', async () => {
    const dialect = { ...duckdbDialect, joinsAsWritten: 'nested' } as const;
    const inner = join('inner', t(), u(), on);
    const more = compare('=', ref(11), ref(21));
    const rel = sort(ids(join('inner', inner, u(21), more)), ref(31));
    const { sql, rows } = await database.rendered(rel, { dialect });
    expect(sql).toMatchInlineSnapshot(`
      "
      SELECT q."id" AS "a", q."id_1" AS "b"
      FROM (
        SELECT t."id", u."id" AS "id_1"
        FROM "t" AS t
        JOIN "u" AS u ON t."id" = u."t_id"
      ) AS q
      JOIN "u" AS u2 ON q."id_1" = u2."id"
      ORDER BY q."id_1" NULLS LAST
      "
    `);
    expect(rows).toEqual([
      [1, 1],
      [1, 2],
      [2, 3],
    ]);
    for (const type of ['left', 'full', 'semi', 'anti'] as const) {
      const outer = renderQuery(join(type, inner, u(21), more), { dialect }).sql;
      expect(outer).toMatch(/^SELECT [^()]*\nFROM \(\n {2}SELECT /);
    }
    const right = join('left', t(31), join('inner', t(), u(), on), compare('=', ref(31), ref(1)));
    expect(renderQuery(right, { dialect }).sql).toContain('LEFT JOIN (\n  SELECT ');
  });

  test('left join: filters of the right side go into ON, those of the left stay', async () => {
    const rel = join('left', filter(t(), isOver(t(), 'id', 1)), filter(u(), isOver(u(), 'v', 0)), on);
    const { sql, rows } = await database.rendered(sort(ids(rel), ref(30)));
    expect(sql).toMatchInlineSnapshot(`
      "
      SELECT t."id" AS "a", u."id" AS "b"
      FROM "t" AS t
      LEFT JOIN "u" AS u ON u."v" > 0 AND t."id" = u."t_id"
      WHERE t."id" > 1
      ORDER BY t."id" NULLS LAST
      "
    `);
    expect(rows).toEqual([
      [2, null],
      [3, null],
      [4, null],
    ]);
  });

  test('a computed column of the null-supplying side is not computed from NULLs', async () => {
    const right = project(u(), [12, 't_id', ref(12)], [15, 'one', int(1)]);
    const rel = join('left', t(), right, on);
    const { sql, rows } = await database.rendered(
      sort(project(rel, [30, 'id', ref(1)], [31, 'one', ref(15)]), ref(30)),
    );
    expect(sql).toMatchInlineSnapshot(`
      "
      SELECT t."id", q."one"
      FROM "t" AS t
      LEFT JOIN (
        SELECT u."t_id", 1 AS "one"
        FROM "u" AS u
      ) AS q ON t."id" = q."t_id"
      ORDER BY t."id" NULLS LAST
      "
    `);
    expect(rows).toEqual([
      [1, 1],
      [1, 1],
      [2, 1],
      [3, null],
      [4, null],
    ]);
  });

  test('right and full join', async () => {
    const right = await database.rendered(sort(ids(join('right', t(), u(), on)), ref(31)));
    expect(right.sql).toMatchInlineSnapshot(`
      "
      SELECT t."id" AS "a", u."id" AS "b"
      FROM "u" AS u
      LEFT JOIN "t" AS t ON t."id" = u."t_id"
      ORDER BY u."id" NULLS LAST
      "
    `);
    expect(right.rows).toEqual([
      [1, 1],
      [1, 2],
      [2, 3],
      [null, 4],
      [null, 5],
    ]);
    const full = await database.rendered(ids(join('full', t(), filter(u(), isOver(u(), 'id', 3)), on)));
    expect(full.sql).toMatchInlineSnapshot(`
      "
      SELECT t."id" AS "a", q."id" AS "b"
      FROM "t" AS t
      FULL JOIN (
        SELECT u."id", u."t_id"
        FROM "u" AS u
        WHERE u."id" > 3
      ) AS q ON t."id" = q."t_id"
      "
    `);
    expect(full.rows).toHaveLength(6);
  });

  test('semi and anti join', async () => {
    const semi = await database.rendered(sort(join('semi', t(), u(), on), ref(1)));
    expect(semi.sql).toMatchInlineSnapshot(`
      "
      SELECT t."id", t."name", t."n"
      FROM "t" AS t
      SEMI JOIN "u" AS u ON t."id" = u."t_id"
      ORDER BY t."id" NULLS LAST
      "
    `);
    expect(semi.rows).toEqual([
      [1, 'a', 10],
      [2, 'b', null],
    ]);
    const anti = await database.rendered(project(join('anti', t(), u(), on), [30, 'id', ref(1)]), {
      dialect: { ...duckdbDialect, nativeSemiJoin: false },
    });
    expect(anti.sql).toMatchInlineSnapshot(`
      "
      SELECT t."id"
      FROM "t" AS t
      WHERE NOT EXISTS (
        SELECT 1
        FROM "u" AS u
        WHERE t."id" = u."t_id"
      )
      "
    `);
    expect(anti.rows).toEqual([[3], [4]]);
  });

  test('mark join: IN with NULLs, as a value and in a filter', async () => {
    const mark = join('mark', t(), u(), on);
    const value = await database.rendered(
      sort(project(mark, [30, 'id', ref(1)], [31, 'm', ref(99, { id: 'boolean' })]), ref(30)),
    );
    expect(value.sql).toMatchInlineSnapshot(`
      "
      SELECT t."id", t."id" IN (
        SELECT u."t_id"
        FROM "u" AS u
      ) AS "m"
      FROM "t" AS t
      ORDER BY t."id" NULLS LAST
      "
    `);
    expect(value.rows).toEqual([
      [1, true],
      [2, true],
      [3, null],
      [4, null],
    ]);
    const not = await database.rendered(filter(mark, { kind: 'not', arg: ref(99, { id: 'boolean' }) }));
    expect(not.sql).toMatchInlineSnapshot(`
      "
      SELECT t."id", t."name", t."n", t."id" IN (
        SELECT u."t_id"
        FROM "u" AS u
      ) AS "mark"
      FROM "t" AS t
      WHERE NOT (t."id" IN (
        SELECT u."t_id"
        FROM "u" AS u
      ))
      "
    `);
    expect(not.rows).toEqual([]);
  });

  test('mark join by another comparison', async () => {
    const mark = join('mark', t(), filter(u(), isOver(u(), 'id', 2)), compare('<', ref(1), ref(12)));
    const { sql, rows } = await database.rendered(
      sort(project(mark, [30, 'id', ref(1)], [31, 'm', ref(99, { id: 'boolean' })]), ref(30)),
    );
    expect(sql).toMatchInlineSnapshot(`
      "
      SELECT t."id", CASE WHEN EXISTS (
        SELECT 1
        FROM "u" AS u
        WHERE u."id" > 2 AND t."id" < u."t_id"
      ) THEN TRUE WHEN EXISTS (
        SELECT 1
        FROM "u" AS u
        WHERE u."id" > 2 AND (t."id" < u."t_id") IS NULL
      ) THEN NULL::BOOLEAN ELSE FALSE END AS "m"
      FROM "t" AS t
      ORDER BY t."id" NULLS LAST
      "
    `);
    expect(rows).toEqual([
      [1, true],
      [2, true],
      [3, true],
      [4, true],
    ]);
  });

  test('single join: at most one row by construction, or a sub-select that fails on the second', async () => {
    const sums = aggregate(u(), [[20, 't_id', ref(12)]], agg(21, 'max', [ref(13)], integer));
    const known = join('single', t(), sums, compare('=', ref(1), ref(20)));
    const left = await database.rendered(
      sort(project(known, [30, 'id', ref(1)], [31, 'm', ref(21)]), ref(30)),
    );
    expect(left.sql).toMatchInlineSnapshot(`
      "
      SELECT t."id", q."max" AS "m"
      FROM "t" AS t
      LEFT JOIN (
        SELECT u."t_id", max(u."v") AS "max"
        FROM "u" AS u
        GROUP BY u."t_id"
      ) AS q ON t."id" = q."t_id"
      ORDER BY t."id" NULLS LAST
      "
    `);
    expect(left.rows).toEqual([
      [1, 7],
      [2, null],
      [3, null],
      [4, null],
    ]);
    const unknown = project(join('single', t(), u(), on), [30, 'id', ref(1)], [31, 'v', ref(13)]);
    expect(renderQuery(unknown, { dialect: duckdbDialect }).sql).toMatchInlineSnapshot(`
      "SELECT t."id", (
        SELECT u."v"
        FROM "u" AS u
        WHERE t."id" = u."t_id"
      ) AS "v"
      FROM "t" AS t"
    `);
    await expect(database.rendered(unknown)).rejects.toThrow('More than one row returned by a subquery');
  });

  test('an outer join on the right of an inner join stays together', async () => {
    const right = join(
      'left',
      u(),
      filter(u(21), compare('>', ref(23), int(5))),
      compare('=', ref(11), ref(21)),
    );
    const { sql, rows } = await database.rendered(
      ids(join('inner', t(), right, compare('=', ref(1), ref(22)))),
    );
    expect(sql).toMatchInlineSnapshot(`
      "
      SELECT t."id" AS "a", u."id" AS "b"
      FROM "t" AS t
      JOIN ("u" AS u
      LEFT JOIN "u" AS u2 ON u2."v" > 5 AND u."id" = u2."id") ON t."id" = u2."t_id"
      "
    `);
    expect(rows).toEqual([[1, 2]]);
  });

  test('a single join on some of the keys of a group is not known to find one row', async () => {
    const groups = aggregate(
      u(),
      [
        [20, 't_id', ref(12)],
        [21, 'id', ref(11)],
      ],
      agg(22, 'max', [ref(13)], integer),
    );
    const rel = project(join('single', t(), groups, compare('=', ref(1), ref(20))), [31, 'm', ref(22)]);
    await expect(database.rendered(rel)).rejects.toThrow('More than one row returned by a subquery');
  });
});
