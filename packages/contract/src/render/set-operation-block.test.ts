import { describe, expect, test } from 'vitest';
import { agg, aggregate, int, integer, project, ref, sort, t, u, varchar } from '../../test/render/plans.js';
import { useTestDatabase } from '../../test/render/run.js';
import type { Rel } from '../plan/index.js';

const database = useTestDatabase();

describe('set operations', () => {
  const names = { kind: 'set-operation', columns: [{ id: 30, name: 'x', type: integer }] } as const;
  const ids = [project(t(), [20, 'id', ref(1)]), project(u(), [21, 'id', ref(11)])];

  test.each([
    ['union', true, 9],
    ['union', false, 5],
    ['except', false, 0],
    ['intersect', true, 4],
  ] as const)('%s, all: %s', async (op, all, count) => {
    const { sql, rows } = await database.rendered({ ...names, op, all, inputs: ids, feeds: [[20], [21]] });
    expect(sql).toContain(`\n${op.toUpperCase()}${all ? ' ALL' : ''}\n`);
    expect(rows).toHaveLength(count);
  });

  test('a limited or nested input stands in parentheses; what comes after wraps the whole', async () => {
    const limited: Rel = { kind: 'limit', input: sort(ids[0] ?? t(), ref(20)), limit: int(2) };
    const inner: Rel = {
      ...names,
      op: 'union',
      all: true,
      inputs: [limited, ids[1] ?? u()],
      feeds: [[20], [21]],
    };
    const outer: Rel = {
      kind: 'set-operation',
      op: 'except',
      all: false,
      columns: [{ id: 31, name: 'x', type: integer }],
      inputs: [inner, ids[0] ?? t()],
      feeds: [[30], [20]],
    };
    const { sql, rows } = await database.rendered(sort(outer, ref(31)));
    expect(sql).toMatchInlineSnapshot(`
      "
      SELECT q."x"
      FROM (
        (
          (
            SELECT t."id" AS "x"
            FROM "t" AS t
            ORDER BY t."id" NULLS LAST
            LIMIT 2
          )
          UNION ALL
          SELECT u."id" AS "x"
          FROM "u" AS u
        )
        EXCEPT
        SELECT t2."id" AS "x"
        FROM "t" AS t2
      ) AS q
      ORDER BY q."x" NULLS LAST
      "
    `);
    expect(rows).toEqual([[5]]);
  });

  test('columns of a UNION ALL that nobody reads are left out', async () => {
    const union: Rel = {
      kind: 'set-operation',
      op: 'union',
      all: true,
      columns: [
        { id: 30, name: 'a', type: integer },
        { id: 31, name: 'b', type: integer },
      ],
      inputs: [t(), u()],
      feeds: [
        [1, 3],
        [11, 13],
      ],
    };
    const { sql, rows } = await database.rendered(aggregate(union, [], agg(40, 'max', [ref(31)], integer)));
    expect(sql).toMatchInlineSnapshot(`
      "
      SELECT max(q."b") AS "max"
      FROM (
        SELECT t."n" AS "b"
        FROM "t" AS t
        UNION ALL
        SELECT u."v" AS "b"
        FROM "u" AS u
      ) AS q
      "
    `);
    expect(rows).toEqual([[30]]);
  });

  test('a DISTINCT input is distinct by all its columns, not only by those that are picked', async () => {
    const pairs = project(t(), [20, 'name', ref(2, varchar), varchar], [21, 'n', ref(3)]);
    const { sql, rows } = await database.rendered({
      ...names,
      op: 'union',
      all: true,
      inputs: [{ kind: 'distinct', input: pairs }, u()],
      feeds: [[21], [11]],
    });
    expect(sql).toMatchInlineSnapshot(`
      "
      SELECT q."n" AS "x"
      FROM (
        SELECT DISTINCT t."name", t."n"
        FROM "t" AS t
      ) AS q
      UNION ALL
      SELECT u."id" AS "x"
      FROM "u" AS u
      "
    `);
    expect(rows).toHaveLength(3 + 5);
  });
});
