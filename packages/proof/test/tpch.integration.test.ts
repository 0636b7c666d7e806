import { answer, comparedModes } from '@tributary/connector-testkit/generate';
import { type ExplainDocument } from '@tributary/core';
import {
  type PlainDuckDB,
  compareRows,
  openPlainDuckDB,
  tpchParquet,
  tpchQuery,
  tpchQueryNumbers,
} from '@tributary/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planText } from './support/plan-text.js';
import { TpchWorld, splitNames } from './support/tpch-splits.js';

let world: TpchWorld;
let duckdb: PlainDuckDB;

beforeAll(async () => {
  world = await TpchWorld.open();
  duckdb = await openPlainDuckDB(await tpchParquet(0.01));
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await duckdb[Symbol.asyncDispose]();
});

describe.each(splitNames)('TPC-H, tables split as %s', (split) => {
  it.each(tpchQueryNumbers)(
    'query %i gives the same rows pushed, unpushed and in plain DuckDB',
    async (number) => {
      const sql = await tpchQuery(number);
      const expected = await duckdb.query(sql);
      const ordered = /order by/i.test(sql);
      for (const pushdown of comparedModes) {
        const { rows } = await answer(world.engine(split), sql, { pushdown });
        expect(compareRows(rows, expected.rows, { ordered }), `pushdown ${pushdown}`).toBeUndefined();
      }
    },
  );

  it.each(tpchQueryNumbers)('query %i is planned as its golden says', async (number) => {
    const plan = await world.engine(split).explain(await tpchQuery(number));
    const golden = `goldens/${split}/q${String(number).padStart(2, '0')}.txt`;
    await expect(planText(plan, await tpchParquet(0.01))).toMatchFileSnapshot(golden);
  });
});

it('runs at least 18 of the 22 as one remote fragment when PostgreSQL has all tables', async () => {
  const plans = await Promise.all(
    tpchQueryNumbers.map(async (number) => world.engine('postgres').explain(await tpchQuery(number))),
  );
  expect(plans.filter(isOneFragment).length).toBeGreaterThanOrEqual(18);
});

describe('64 queries at once over both sources, on the default thread pool', () => {
  it.each([
    ['as many as the engine admits by itself', undefined],
    ['all admitted', 64],
  ])(
    '%s',
    async (_, maxConcurrentQueries) => {
      expect(process.env['UV_THREADPOOL_SIZE']).toBeUndefined();
      await using engine = await world.open(
        'facts-in-lake',
        maxConcurrentQueries === undefined ? {} : { maxConcurrentQueries },
      );
      const queries = await Promise.all(tpchQueryNumbers.map(async (number) => tpchQuery(number)));
      const expected = await Promise.all(queries.map((sql) => duckdb.query(sql)));
      const runs = Array.from({ length: 64 }, async (__, run) => {
        const index = run % queries.length;
        // Every third pulls whole tables through the spool.
        const { rows } = await answer(engine, queries[index] ?? '', {
          pushdown: run % 3 === 0 ? 'off' : 'auto',
        });
        return compareRows(rows, expected[index]?.rows ?? []);
      });
      expect(await Promise.all(runs)).toEqual(Array.from({ length: 64 }, () => undefined));
    },
    300_000,
  );
});

function isOneFragment({ fragments, residual, scanOnly }: ExplainDocument): boolean {
  return fragments.length === 1 && residual === undefined && scanOnly === undefined;
}
