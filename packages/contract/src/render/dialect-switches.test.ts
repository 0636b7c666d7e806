import { describe, expect, test } from 'vitest';
import { col, int, integer, project, ref, t, text, u, varchar } from '../../test/render/plans.js';
import { useTestDatabase } from '../../test/render/run.js';
import { type Rel, type WindowCall, compare } from '../plan/index.js';
import type { SqlDialect } from './dialect.js';
import { duckdbDialect } from './duckdb/dialect.js';
import { refusalOf } from './refusal.js';
import { renderQuery } from './render-query.js';

const database = useTestDatabase();

function withSwitches(switches: Partial<SqlDialect>): SqlDialect {
  return { ...duckdbDialect, ...switches };
}

describe('what databases lack', () => {
  test('AS MATERIALIZED', async () => {
    const shared: Rel = {
      kind: 'with',
      id: 1,
      name: 'c',
      definition: project(t(), [20, 'id', ref(1)]),
      body: {
        kind: 'join',
        type: 'inner',
        left: { kind: 'cte-ref', cte: 1, columns: [{ id: 21, name: 'id', type: integer }], feeds: [20] },
        right: { kind: 'cte-ref', cte: 1, columns: [{ id: 22, name: 'id', type: integer }], feeds: [20] },
        on: [compare('=', ref(21), ref(22))],
      },
    };
    const { sql } = await database.rendered(shared, { dialect: withSwitches({ plainCtes: true }) });
    expect(sql).toContain('WITH cte_c AS (');
    expect(renderQuery(shared, { dialect: duckdbDialect }).sql).toContain('WITH cte_c AS MATERIALIZED (');
  });

  test('column names of VALUES', async () => {
    const values: Rel = {
      kind: 'values',
      columns: [
        { id: 20, name: 'n', type: integer },
        { id: 21, name: 's', type: varchar },
      ],
      rows: [
        [int(1), text('a')],
        [int(2), text("b'")],
      ],
    };
    const { sql, rows } = await database.rendered(values, {
      dialect: withSwitches({ literalRows: 'union-all' }),
    });
    expect(sql).toContain(`FROM (SELECT 1 AS "n", 'a' AS "s" UNION ALL SELECT 2, 'b''') AS v`);
    expect(rows).toEqual([
      [1, 'a'],
      [2, "b'"],
    ]);
  });

  test('LATERAL', () => {
    const lateral: Rel = {
      kind: 'dependent-join',
      id: 7,
      type: 'inner',
      left: t(),
      right: {
        kind: 'limit',
        limit: int(1),
        input: {
          kind: 'join',
          type: 'inner',
          left: u(),
          right: { kind: 'dependent-scan', join: 7, columns: [{ id: 40, name: 'id', type: integer }] },
          on: [compare('>', col(u(), 'id'), ref(40))],
        },
      },
      on: [compare('is-not-distinct', ref(1), ref(40))],
      correlated: [ref(1)],
    };
    expect(renderQuery(lateral, { dialect: duckdbDialect }).sql).toContain('LATERAL (');
    expect(refusalOf(() => renderQuery(lateral, { dialect: withSwitches({ lateral: false }) }))?.code).toBe(
      'OPERATOR_NOT_SUPPORTED',
    );
  });

  test('IN over a SELECT with LIMIT', async () => {
    const limited: Rel = { kind: 'limit', input: u(), limit: int(3) };
    const mark: Rel = {
      kind: 'join',
      type: 'mark',
      left: t(),
      right: limited,
      on: [compare('=', ref(1), col(u(), 'id'))],
      mark: { id: 50, name: 'found', type: { id: 'boolean' } },
    };
    const { sql, rows } = await database.rendered(mark, {
      dialect: withSwitches({ limitInMembership: false }),
    });
    expect(sql).toMatch(/IN \(\s*SELECT q\."id"\s*FROM \(/);
    expect(rows).toEqual((await database.rendered(mark)).rows);
  });

  test('frames of windows', () => {
    const window = (exclude: WindowCall['frame']['exclude']): Rel => ({
      kind: 'window',
      input: t(),
      functions: [
        {
          id: 60,
          name: 'w',
          type: integer,
          call: {
            fn: 'first_value',
            args: [ref(1)],
            distinct: false,
            ignoreNulls: false,
            partitionBy: [],
            orderBy: [{ expr: ref(1), descending: false, nullsFirst: false }],
            frame: {
              unit: 'rows',
              start: { kind: 'unbounded-preceding' },
              end: { kind: 'current-row' },
              exclude,
            },
            type: integer,
          },
        },
      ],
    });
    const dialect = withSwitches({ windowCall: ({ frame }) => frame.exclude === 'no-others' });
    expect(refusalOf(() => renderQuery(window('ties'), { dialect }))?.code).toBe('WINDOW_NOT_IN_DIALECT');
    expect(refusalOf(() => renderQuery(window('no-others'), { dialect }))).toBeUndefined();
  });
});
