import { compareRows, tpchQuery, tpchQueryNumbers } from '@tributary/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { corpus } from '../../test/optimize/corpus.js';
import type { PlanningBench } from '../../test/optimize/planning-bench.js';
import { openSmallTables } from '../../test/optimize/small-tables.js';
import { showRel } from '../../test/optimize/show.js';
describe('optimize', () => {
  let bench: PlanningBench;
  beforeAll(async () => { bench = await openSmallTables(); });
  afterAll(async () => { await bench[Symbol.asyncDispose](); });
  it.each(corpus)('keeps the answer of %s', async (sql) => {
    const { optimized } = await bench.plan(sql);
    let d: string | undefined;
    try { d = await bench.difference(sql, optimized); } catch (e) { d = String(e); }
    expect(d === undefined ? undefined : `${d}\n${showRel(optimized)}`).toBeUndefined();
  });
});
