import { describe, expect, test } from 'vitest';
import { col, filter, int, integer, project, ref, t, text } from '../../test/render/plans.js';
import { useTestDatabase } from '../../test/render/run.js';
import { type Expr, type Rel, compare, falseLiteral } from '../plan/index.js';
import { duckdbDialect } from './duckdb/dialect.js';
import { renderQuery } from './render-query.js';

const database = useTestDatabase();

const isOver = (rel: Rel, name: string, value: number): Expr => compare('>', col(rel, name), int(value));

describe('what surrounds a plan', () => {
  test('positional names, for results that are matched by place', () => {
    const rel = project(t(), [20, 'x', ref(1)], [21, 'x', ref(3)]);
    expect(renderQuery(rel, { dialect: duckdbDialect, outputNames: 'positional' }).sql)
      .toMatchInlineSnapshot(`
      "SELECT t."id" AS "c0", t."n" AS "c1"
      FROM "t" AS t"
    `);
    expect(renderQuery(rel, { dialect: duckdbDialect }).sql).toMatchInlineSnapshot(`
      "SELECT t."id" AS "x", t."n" AS "x"
      FROM "t" AS t"
    `);
  });

  test('results of fragments are read by place, whatever their columns are called', async () => {
    const remote: Rel = { kind: 'remote', fragment: 'f1', columns: [{ id: 1, name: 'key', type: integer }] };
    const { sql, rows } = await database.rendered(filter(remote, compare('=', ref(1), int(2))), {
      remoteTable: () => '(SELECT 2 AS something_else)',
    });
    expect(sql).toMatchInlineSnapshot(`
      "
      SELECT f."key"
      FROM (SELECT 2 AS something_else) AS f("key")
      WHERE f."key" = 2
      "
    `);
    expect(rows).toEqual([[2]]);
  });

  test('parameters are bindings in the order of their first use', async () => {
    const parameter = (name: string): Expr => ({ kind: 'parameter', name, type: integer });
    const rel = filter(
      t(),
      compare('>', ref(1), parameter('low')),
      compare('<', ref(1), parameter('high')),
      compare('<>', ref(3), parameter('low')),
    );
    const { sql, bindings } = renderQuery(rel, { dialect: duckdbDialect });
    expect(sql).toMatchInlineSnapshot(`
      "SELECT t."id", t."name", t."n"
      FROM "t" AS t
      WHERE t."id" > $1::INTEGER AND t."id" < $2::INTEGER AND t."n" <> $1::INTEGER"
    `);
    expect(bindings.map((b) => b.kind === 'parameter' && b.name)).toEqual(['low', 'high']);
    expect(await database.rows(sql, ['1', '4'])).toEqual([[3, null, 30]]);
    const marks = renderQuery(rel, { dialect: { ...duckdbDialect, placeholder: () => '?' } });
    expect(marks.bindings.map((b) => b.kind === 'parameter' && b.name)).toEqual(['low', 'high', 'low']);
  });

  test('key sets: as a relation, or as bindings in the form of the dialect', async () => {
    const rel = filter(t(), { kind: 'in-key-set', keySet: 'k1', args: [ref(1), ref(3)] });
    const one = filter(t(), { kind: 'in-key-set', keySet: 'k1', args: [ref(1)] });
    const keys = { keySetRelation: () => '(VALUES (1, 10), (2, NULL))' };
    const pairs = await database.rendered(rel, keys);
    expect(pairs.sql).toMatchInlineSnapshot(`
      "
      SELECT t."id", t."name", t."n"
      FROM "t" AS t
      WHERE EXISTS (SELECT 1 FROM (VALUES (1, 10), (2, NULL)) AS k("k0", "k1") WHERE k."k0" = t."id" AND k."k1" = t."n")
      "
    `);
    expect(pairs.rows).toEqual([[1, 'a', 10]]);
    const single = await database.rendered(one, { keySetRelation: () => '(VALUES (1), (NULL))' });
    expect(single.sql).toMatchInlineSnapshot(`
      "
      SELECT t."id", t."name", t."n"
      FROM "t" AS t
      WHERE t."id" IN (SELECT k."k0" FROM (VALUES (1), (NULL)) AS k("k0"))
      "
    `);
    expect(single.rows).toEqual([[1, 'a', 10]]);
    const bound = renderQuery(one, {
      dialect: {
        ...duckdbDialect,
        keySet: ([arg], [array]) => `${arg} = ANY (${array})`,
        keySetPlaceholder: (position) => `$${position}::INTEGER[]`,
      },
    });
    expect(bound.sql).toContain('WHERE t."id" = ANY ($1::INTEGER[])');
    expect(bound.bindings).toEqual([{ kind: 'key-set', keySet: 'k1', column: 0, type: integer }]);
  });

  test('names and texts of any kind stay what they are', async () => {
    const odd = project(t(), [20, 'a"b; --', text("\u0001 $1 '); DROP TABLE t; --\u0000")]);
    const rel: Rel = { kind: 'limit', input: { kind: 'distinct', input: odd }, limit: int(1) };
    expect((await database.rendered(rel)).rows).toEqual([["\u0001 $1 '); DROP TABLE t; --\u0000"]]);
  });

  test('a contradiction reads nothing', async () => {
    expect((await database.rendered(filter(t(), falseLiteral))).rows).toEqual([]);
  });

  test('a plan deeper than the call stack renders in linear time', () => {
    let rel: Rel = t();
    for (let i = 0; i < 3000; i++)
      rel = { kind: 'limit', input: filter(rel, isOver(t(), 'id', i)), limit: int(i) };
    const start = performance.now();
    const { sql } = renderQuery(rel, { dialect: duckdbDialect });
    expect(sql.split('SELECT')).toHaveLength(3001);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
