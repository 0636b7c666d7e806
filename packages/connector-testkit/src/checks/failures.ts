import { TributaryError } from '@tributary/connector-sdk';
import { manyRowCount, tableNames } from '../fixtures/standard-tables.js';
import { answer } from '../run/answer.js';
import { sameEverywhere } from '../run/compare-with-oracle.js';
import { drain } from '../run/drain.js';
import { outcomeWithin } from '../run/until.js';
import type { Check } from '../suite/check.js';
import { ConformanceError, expect } from '../suite/conformance-error.js';
import type { Hooks } from '../suite/hooks.js';
import { callContext } from '../world/call-context.js';
import { DirectCall } from '../world/direct-call.js';
import { testedId } from '../world/sql-name.js';
import type { World } from '../world/world.js';
import { markerPassword } from './secrets.js';

const patienceMs = 20_000;
const queriesAtOnce = 16;

export const failureChecks: readonly Check[] = [
  {
    id: 'failures.credentials',
    title: 'wrong credentials are SOURCE.AUTHENTICATION',
    needs: 'wrongCredentials',
    run: async ({ subject }) => {
      const source = await subject.hooks?.wrongCredentials?.(testedId, markerPassword);
      if (source === undefined) throw new ConformanceError('wrongCredentials makes no source');
      try {
        const error = await failureOf(source.listTables(callContext()), 'listTables with a wrong password');
        expect(error.code === 'SOURCE.AUTHENTICATION', `a wrong password is ${error.code}: ${error.message}`);
        expect(!error.retryable, 'a wrong password is called retryable');
        const health = await source.checkHealth(callContext()).catch(() => ({ healthy: false }));
        expect(!health.healthy, 'checkHealth finds a source with a wrong password healthy');
      } finally {
        await source.close();
      }
    },
  },
  {
    id: 'failures.stream',
    title: 'what breaks while batches stream is an error, never a short answer',
    needs: 'interrupt',
    run: (world) => interrupted(world, 'batches'),
  },
  {
    id: 'failures.relation',
    title: 'what breaks while a relation is being made is an error, never a short answer',
    needs: 'interrupt',
    run: (world) => interrupted(world, 'relation'),
  },
  {
    id: 'failures.concurrency',
    title: `${queriesAtOnce} queries at once give the answers that they give alone`,
    run: async (world) => {
      const tables = [world.tested('a'), world.tested('b')];
      const queries = Array.from(
        { length: queriesAtOnce },
        (_, i) => `SELECT x.id, x.t FROM ${tables[i % 2]} x WHERE x.k > ${i - 8}`,
      );
      await Promise.all(queries.map((sql) => sameEverywhere(world, { sql }, ['auto'])));
    },
  },
  {
    id: 'failures.missing-object',
    title: 'a column that goes between plan and run is an error or a new plan, never another answer',
    needs: 'dropColumn',
    run: async (world) => {
      const table = world.table('altered');
      const column = table.columns.at(-1)?.name ?? 'id';
      await using call = await DirectCall.open(world.source, world.path('altered'));
      await sameEverywhere(world, { sql: `SELECT * FROM ${world.tested('altered')}` }, ['auto']);
      await world.subject.hooks?.dropColumn?.(tableNames.altered, column);
      const run = call
        .execute(AbortSignal.timeout(patienceMs), 'relation')
        .then((r) => drain(r, world.duckdb));
      const error = await failureOf(run, `a plan with the column ${column}, which has been dropped,`);
      expect(
        error.code === 'SOURCE.MISSING_OBJECT',
        `a column that has been dropped is ${error.code}, not SOURCE.MISSING_OBJECT: ${error.message}`,
      );
      // The engine may need one failure to see that its schema is old.
      const sql = `SELECT * FROM ${world.tested('altered')}`;
      await answer(world.engine, sql).catch(() => undefined);
      const after = await answer(world.engine, sql);
      const names = after.columns.map(({ name }) => name);
      expect(!names.includes(column), `${column} has been dropped, and is still answered`);
    },
  },
];

/** The error of something that must fail. @throws ConformanceError where it does not */
async function failureOf(promise: Promise<unknown>, what: string): Promise<TributaryError> {
  const outcome = await outcomeWithin(patienceMs, promise);
  expect(
    outcome.kind === 'failed',
    `${what} ${outcome.kind === 'done' ? 'succeeds' : 'does not come to an end'}`,
  );
  const { error } = outcome;
  expect(error instanceof TributaryError, `${what} fails with ${String(error)}, which is no TributaryError`);
  expect(error.message !== '' && error.fix !== '', `${what} fails without a message or a fix`);
  return error;
}

type Undo = Awaited<ReturnType<NonNullable<Hooks['interrupt']>>> | undefined;

async function interrupted(world: World, prefer: 'batches' | 'relation'): Promise<void> {
  const source = await world.newSource();
  await using call = await DirectCall.open(source, world.path('many'));
  let interruption: Promise<Undo> | undefined;
  const interrupt = async (): Promise<void> => {
    interruption ??= Promise.resolve(world.subject.hooks?.interrupt?.());
    await interruption;
  };
  try {
    const run = call
      .execute(AbortSignal.timeout(patienceMs), prefer, (rows) => {
        if (rows > 0) void interrupt();
      })
      .then((result) => drain(result, world.duckdb, interrupt));
    const outcome = await outcomeWithin(patienceMs, run);
    expect(outcome.kind !== 'pending', 'an interrupted call does not come to an end');
    expect(
      interruption !== undefined,
      'the call tells of no progress (onProgress) before its end, so that nothing could be interrupted',
    );
    if (outcome.kind === 'done') {
      expect(
        outcome.value === manyRowCount,
        `an interrupted answer ends with ${outcome.value} of ${manyRowCount} rows, as if it were whole`,
      );
    } else {
      const { error } = outcome;
      expect(error instanceof TributaryError, `an interrupted call fails with ${String(error)}`);
      expect(error.category === 'source', `an interrupted call fails with ${error.code}: ${error.message}`);
    }
  } finally {
    const undo = await interruption;
    await undo?.();
  }
  const next = await source.describeTable(world.path('a'), callContext());
  expect(next !== undefined, 'after an interruption the source does not work again');
}
