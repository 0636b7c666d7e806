import { someRel } from '@tributary/contract';
import { tpchQuery, tpchQueryNumbers } from '@tributary/testbed';
import { assert, asyncProperty } from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { corpus } from '../../test/optimize/corpus.js';
import { mutants, spoiled } from '../../test/optimize/mutants.js';
import { type OptimizedStatement, PlanningBench } from '../../test/optimize/planning-bench.js';
import { showRel } from '../../test/optimize/show.js';
import { openSmallTables } from '../../test/optimize/small-tables.js';
import { statements } from '../../test/optimize/statements.js';
import { optimize, rules } from './index.js';

/** Rules that only pay, and so only act, on tables of some size. */
const largeTableRules: readonly string[] = ['reduce-aggregates', 'semi-join-pushdown'];

describe('optimize, over small tables with NULLs', () => {
  let bench: PlanningBench;
  const statementsOfCorpus: (OptimizedStatement & { readonly sql: string; readonly shown: string })[] = [];
  beforeAll(async () => {
    bench = await openSmallTables();
    for (const sql of corpus) {
      const statement = await bench.plan(sql);
      statementsOfCorpus.push({ ...statement, sql, shown: showRel(statement.optimized) });
    }
  });
  afterAll(() => bench[Symbol.asyncDispose]());

  it.each(corpus)('keeps the answer of %s', async (sql) => {
    const { optimized } = await bench.plan(sql);
    expect(await bench.difference(sql, optimized), showRel(optimized)).toBeUndefined();
  });

  it('keeps the answers of generated statements', { timeout: 240_000 }, async () => {
    const check = async (sql: string): Promise<void> => {
      const { optimized } = await bench.plan(sql);
      expect(await bench.difference(sql, optimized), `${sql}\n${showRel(optimized)}`).toBeUndefined();
    };
    await assert(asyncProperty(statements, check), { numRuns: 60, seed: 20_260_101 });
    await assert(asyncProperty(statements, check), { numRuns: 40 });
  });

  it.each(rules.filter((rule) => !largeTableRules.includes(rule.name)))(
    'needs $name: some plan is another without it',
    ({ name }) => {
      const disabledRules = new Set([name]);
      const changed = statementsOfCorpus.some(
        ({ bound, context, shown }) => showRel(optimize(bound, { ...context, disabledRules })) !== shown,
      );
      expect(changed).toBe(true);
    },
  );

  it.each(mutants)('notices when $rule $mistake', async (mutant) => {
    const rule = rules.find((r) => r.name === mutant.rule);
    if (rule === undefined) return expect.unreachable(`there is no rule ${mutant.rule}`);
    const replacedRules = new Map([[rule.name, spoiled(rule, mutant)]]);
    for (const { sql, bound, context, shown } of statementsOfCorpus) {
      const optimized = optimize(bound, { ...context, replacedRules });
      if (showRel(optimized) !== shown && (await bench.difference(sql, optimized)) !== undefined) return;
    }
    return expect.unreachable('no answer changes');
  });

  it('keeps answers where bounds are exact', { timeout: 240_000 }, async () => {
    await using bounded = await openSmallTables(true);
    const check = async (sql: string): Promise<void> => {
      const { optimized } = await bounded.plan(sql);
      expect(await bounded.difference(sql, optimized), `${sql}\n${showRel(optimized)}`).toBeUndefined();
    };
    for (const sql of corpus) await check(sql);
    await assert(asyncProperty(statements, check), { numRuns: 30 });
  });

  it('has a mutant for every rule', () => {
    expect(new Set(mutants.map((m) => m.rule))).toEqual(new Set(rules.map((r) => r.name)));
  });
});

describe.each([
  ['all in one source', () => 'pg'],
  [
    'orders and lineitem apart',
    (table: string) => (table === 'orders' || table === 'lineitem' ? 'lake' : 'pg'),
  ],
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

  it.each([
    ['reduce-aggregates', 2],
    ['semi-join-pushdown', 18],
  ])('needs %s in query %i', async (name, number) => {
    const { bound, context, optimized } = await bench.plan(await tpchQuery(number));
    const without = optimize(bound, { ...context, disabledRules: new Set([name]) });
    expect(showRel(without)).not.toBe(showRel(optimized));
  });
});
