import { someRel } from '@tributary/contract';
import { tpchQuery, tpchQueryNumbers } from '@tributary/testbed';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { corpus } from '../../test/optimize/corpus.js';
import { mutants, spoiled } from '../../test/optimize/mutants.js';
import { PlanningBench } from '../../test/optimize/planning-bench.js';
import { showRel } from '../../test/optimize/show.js';
import { openSmallTables } from '../../test/optimize/small-tables.js';
import { statements } from '../../test/optimize/statements.js';
import { rules } from './index.js';

describe('optimize, over small tables with NULLs', () => {
  let bench: PlanningBench;
  beforeAll(async () => {
    bench = await openSmallTables();
  });
  afterAll(() => bench[Symbol.asyncDispose]());

  it.each(corpus)('keeps the answer of %s', async (sql) => {
    const { optimized } = await bench.plan(sql);
    expect(await bench.difference(sql, optimized), showRel(optimized)).toBeUndefined();
  });

  it('keeps the answers of generated statements', { timeout: 60_000 }, async () => {
    const check = async (sql: string): Promise<void> => {
      const { optimized } = await bench.plan(sql);
      expect(await bench.difference(sql, optimized), `${sql}\n${showRel(optimized)}`).toBeUndefined();
    };
    await fc.assert(fc.asyncProperty(statements, check), { numRuns: 60, seed: 20_260_101 });
    await fc.assert(fc.asyncProperty(statements, check), { numRuns: 40 });
  });

  it.each(rules)('needs $name: some plan is another without it', async ({ name }) => {
    for (const sql of corpus) {
      const [plan, without] = [await bench.plan(sql), await bench.plan(sql, { disabledRules: new Set([name]) })];
      if (showRel(plan.optimized) !== showRel(without.optimized)) return;
    }
    expect.unreachable(`no statement's plan changes without ${name}`);
  });

  it.each(mutants)('notices when $rule $mistake', async (mutant) => {
    const rule = rules.find((r) => r.name === mutant.rule);
    if (rule === undefined) return expect.unreachable(`there is no rule ${mutant.rule}`);
    const replacedRules = new Map([[rule.name, spoiled(rule, mutant)]]);
    for (const sql of corpus) {
      const { optimized } = await bench.plan(sql, { replacedRules });
      if ((await bench.difference(sql, optimized)) !== undefined) return;
    }
    return expect.unreachable('no answer changes');
  });

  it('has a mutant for every rule', () => {
    expect(new Set(mutants.map((m) => m.rule))).toEqual(new Set(rules.map((r) => r.name)));
  });
});

describe.each([
  ['all in one source', () => 'pg'],
  ['orders and lineitem apart', (table: string) => (table === 'orders' || table === 'lineitem' ? 'lake' : 'pg')],
] as const)('optimize, over TPC-H %s', (_title, sourceOf) => {
  let bench: PlanningBench;
  beforeAll(async () => {
    bench = await PlanningBench.tpch(sourceOf);
  });
  afterAll(() => bench[Symbol.asyncDispose]());

  it.each(tpchQueryNumbers)('keeps the answer of query %i and leaves no dependent join', async (number) => {
    const sql = await tpchQuery(number);
    const { optimized } = await bench.plan(sql);
    expect(someRel(optimized, (rel) => rel.kind === 'dependent-join')).toBe(false);
    expect(await bench.difference(sql, optimized)).toBeUndefined();
  });
});
