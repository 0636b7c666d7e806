import { answer } from '@tributary/connector-testkit/generate';
import type { ExplainDocument } from '@tributary/core';
import { compareRows, openPlainDuckDB, tpchParquet, tpchQuery, tpchQueryNumbers } from '@tributary/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TpchWorld, splitNames } from './support/tpch-splits.js';
import { describeTpch } from './support/tpch-suite.js';

let world: TpchWorld;
beforeAll(async () => {
  world = await TpchWorld.open();
});
afterAll(() => world[Symbol.asyncDispose]());

for (const split of splitNames) {
  describeTpch({
    title: `TPC-H, tables split as ${split}`,
    goldens: split,
    engine: () => world.engine(split),
  });
}

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
      await using duckdb = await openPlainDuckDB(await tpchParquet(0.01));
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
