import { answer, comparedModes } from '@tributary/connector-testkit/generate';
import type { Engine, ExplainDocument } from '@tributary/core';
import {
  type PlainDuckDB,
  compareRows,
  openPlainDuckDB,
  tpchParquet,
  tpchQuery,
  tpchQueryNumbers,
} from '@tributary/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planText } from './plan-text.js';

export interface TpchSuite {
  readonly title: string;
  /** Folder of the plans, below `goldens`. */
  readonly goldens: string;
  /** Asked when the tests run. */
  readonly engine: () => Engine;
  /** What a golden says before the plan. */
  readonly summary?: (plan: ExplainDocument) => string;
}

/** All statements of TPC-H over an engine that sees its tables somewhere. */
export function describeTpch({ title, goldens, engine, summary }: TpchSuite): void {
  describe(title, () => {
    let duckdb: PlainDuckDB;
    beforeAll(async () => {
      duckdb = await openPlainDuckDB(await tpchParquet(0.01));
    });
    afterAll(() => duckdb[Symbol.asyncDispose]());

    it.each(tpchQueryNumbers)(
      'query %i gives the same rows pushed, unpushed and in plain DuckDB',
      async (number) => {
        const sql = await tpchQuery(number);
        const expected = await duckdb.query(sql);
        const ordered = /order by/i.test(sql);
        for (const pushdown of comparedModes) {
          const { rows } = await answer(engine(), sql, { pushdown });
          expect(compareRows(rows, expected.rows, { ordered }), `pushdown ${pushdown}`).toBeUndefined();
        }
      },
    );

    it.each(tpchQueryNumbers)('query %i is planned as its golden says', async (number) => {
      const plan = await engine().explain(await tpchQuery(number));
      const golden = `goldens/${goldens}/q${String(number).padStart(2, '0')}.txt`;
      const text = planText(plan, await tpchParquet(0.01));
      await expect(summary === undefined ? text : `${summary(plan)}\n\n${text}`).toMatchFileSnapshot(golden);
    });
  });
}
