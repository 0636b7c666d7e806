import { answer, comparedModes } from '@tributary/connector-testkit/generate';
import {
  type PlainDuckDB,
  compareRows,
  openPlainDuckDB,
  tpchParquet,
  tpchQuery,
  tpchQueryNumbers,
} from '@tributary/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { remoteShare } from './support/four-ways.js';
import { LakeWorld } from './support/lake-world.js';
import { planText } from './support/plan-text.js';

let world: LakeWorld;
let duckdb: PlainDuckDB;

beforeAll(async () => {
  world = await LakeWorld.open();
  duckdb = await openPlainDuckDB(await tpchParquet(0.01));
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await duckdb[Symbol.asyncDispose]();
});

describe('TPC-H over S3, GCS, Azure, Delta and PostgreSQL', () => {
  it.each(tpchQueryNumbers)(
    'query %i gives the same rows pushed, unpushed and in plain DuckDB',
    async (number) => {
      const sql = await tpchQuery(number);
      const expected = await duckdb.query(sql);
      const ordered = /order by/i.test(sql);
      for (const pushdown of comparedModes) {
        const { rows } = await answer(world.engine, sql, { pushdown });
        expect(compareRows(rows, expected.rows, { ordered }), `pushdown ${pushdown}`).toBeUndefined();
      }
    },
  );

  it.each(tpchQueryNumbers)('query %i is planned as its golden says', async (number) => {
    const plan = await world.engine.explain(await tpchQuery(number));
    const golden = `goldens/lake/q${String(number).padStart(2, '0')}.txt`;
    const text = planText(plan, await tpchParquet(0.01));
    await expect(`Remote: ${remoteShare(plan)}\n\n${text}`).toMatchFileSnapshot(golden);
  });
});
