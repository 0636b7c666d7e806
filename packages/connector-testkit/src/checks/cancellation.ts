import { type ExecuteContext, type IFederatedDataSource, TributaryError } from '@tributary/connector-sdk';
import type { QueryOptions } from '@tributary/core';
import { manyRowCount } from '../fixtures/standard-tables.js';
import { answer } from '../run/answer.js';
import { drain } from '../run/drain.js';
import { outcomeWithin, within } from '../run/until.js';
import type { Check } from '../suite/check.js';
import { expect } from '../suite/conformance-error.js';
import { callContext } from '../world/call-context.js';
import { DirectCall } from '../world/direct-call.js';
import type { World } from '../world/world.js';

/** From the abort to the rejection, on a machine that has nothing else to do. */
const promptMs = 1000;
/** More of it where the machine is busy: so many times what the simplest question takes just now. */
const questions = 50;

export const cancellationChecks: readonly Check[] = [
  {
    id: 'cancellation.before',
    title: 'a signal that fired before the call stops it at once',
    run: async (world) => {
      const ms = await patience(world);
      await using call = await DirectCall.open(world.source, world.path('many'));
      for (const prefer of ['batches', 'relation'] as const) {
        const run = read(world, call, AbortSignal.abort(cancelled()), prefer);
        checkStopped(await outcomeWithin(ms, run), 'a call with an aborted signal', ms);
      }
    },
  },
  {
    id: 'cancellation.stream',
    title: 'a signal that fires while batches stream stops them within a second',
    run: (world) => cancelAfterFirst(world, world.source, 'batches'),
  },
  {
    id: 'cancellation.relation',
    title: 'a signal that fires while a relation is being made stops it within a second, and no file stays',
    run: (world) => cancelAfterFirst(world, world.source, 'relation'),
  },
  {
    id: 'cancellation.leave',
    title: 'leaving the stream early ends the call, and the source answers the next one',
    run: async (world) => {
      const leave = async (): Promise<void> => {
        await using result = await world.engine.query(`SELECT * FROM ${world.tested('many')}`);
        for await (const batch of result) {
          void batch;
          break;
        }
      };
      const left = await outcomeWithin(5 * (await patience(world)), leave());
      expect(left.kind === 'done', `leaving a stream after its first batch ends as ${left.kind}`);
      await answer(world.engine, `SELECT count(*) FROM ${world.tested('a')}`);
      await noStatements(world, 'after a stream was left');
    },
  },
  {
    id: 'cancellation.statement',
    title: 'cancelling a query that the server works on rejects within a second, and the server stops',
    needs: 'activeStatements',
    run: async (world) => {
      const abort = new AbortController();
      const [sql, options] = longStatement(world, abort.signal);
      const ms = await patience(world);
      // Planned now, so that what runs below is the statement and no question about tables.
      await world.engine.explain(sql, options);
      const running = answer(world.engine, sql, options);
      // Attached now, so that a rejection before the abort is not unhandled.
      const settled = running.then(
        () => undefined,
        (error: unknown) => error,
      );
      await Promise.race([settled, within(promptMs, async () => (await active(world)) > 0)]);
      abort.abort();
      checkStopped(await outcomeWithin(ms, running), 'a cancelled query', ms);
      await noStatements(world, 'after its query was cancelled');
    },
  },
  {
    id: 'cancellation.timeout',
    title: 'a timeout is SOURCE.TIMEOUT, in time',
    run: async (world) => {
      await using call = await DirectCall.open(world.source, world.path('many'));
      const ms = await patience(world);
      const timeout = new AbortController();
      const reason = new TributaryError('SOURCE.TIMEOUT', { message: 'The source took longer than 1 ms.' });
      const run = read(world, call, timeout.signal, 'relation', () => timeout.abort(reason));
      timeout.abort(reason);
      const outcome = await outcomeWithin(ms, run);
      checkStopped(outcome, 'a call whose time is over', ms);
      const { error } = outcome;
      expect(
        error instanceof TributaryError && error.code === 'SOURCE.TIMEOUT',
        `a call whose time is over fails with ${codeOf(error)}, not with the signal's reason, SOURCE.TIMEOUT`,
      );
    },
  },
];

type Outcome = Awaited<ReturnType<typeof outcomeWithin<unknown>>>;

/** Milliseconds in which a call must have stopped. */
async function patience({ source }: World): Promise<number> {
  const start = performance.now();
  await source.listTables(callContext());
  return promptMs + questions * (performance.now() - start);
}

function cancelled(): TributaryError {
  return new TributaryError('QUERY.CANCELLED', { message: 'The query was cancelled.' });
}

function codeOf(error: unknown): string {
  return error instanceof TributaryError ? error.code : String(error);
}

function checkStopped(
  outcome: Outcome,
  what: string,
  ms: number,
): asserts outcome is Extract<Outcome, { kind: 'failed' }> {
  expect(outcome.kind !== 'pending', `${what} goes on for more than ${Math.round(ms)} ms`);
  expect(outcome.kind === 'failed', `${what} ends as if nothing had happened`);
  const { error } = outcome;
  expect(
    error instanceof TributaryError && ['QUERY.CANCELLED', 'SOURCE.TIMEOUT'].includes(error.code),
    `${what} fails with ${codeOf(error)}, not with the signal's reason`,
  );
}

async function read(
  world: World,
  call: DirectCall,
  signal: AbortSignal,
  prefer: ExecuteContext['prefer'],
  onFirst: () => void = () => undefined,
): Promise<number> {
  const result = await call.execute(signal, prefer, (rows) => (rows > 0 ? onFirst() : undefined));
  return drain(result, world.duckdb, () => onFirst());
}

async function cancelAfterFirst(
  world: World,
  source: IFederatedDataSource,
  prefer: ExecuteContext['prefer'],
): Promise<void> {
  await using call = await DirectCall.open(source, world.path('many'));
  const ms = await patience(world);
  const abort = new AbortController();
  let abortedAt = 0;
  const run = read(world, call, abort.signal, prefer, () => {
    if (abort.signal.aborted) return;
    abortedAt = performance.now();
    abort.abort(cancelled());
  });
  const outcome = await outcomeWithin(10 * ms, run);
  expect(outcome.kind !== 'pending', `a cancelled call goes on for more than ${Math.round(10 * ms)} ms`);
  const took = Math.round(performance.now() - abortedAt);
  // What was under way may have come to its end; what comes after the abort must not be a part of it.
  if (outcome.kind === 'done') {
    const whole = abortedAt === 0 || (prefer === 'relation' && outcome.value === manyRowCount);
    expect(
      whole,
      `a stream ends with ${outcome.value} of ${manyRowCount} rows after an abort, as if it were whole`,
    );
  } else {
    checkStopped(outcome, 'a cancelled call', ms);
    expect(took <= ms, `a cancelled call goes on for ${took} ms`);
    const clean = await within(ms, async () => (await call.files()).length === 0);
    expect(clean, `a cancelled call leaves ${(await call.files()).length} files in the spool`);
  }
  await noStatements(world, 'after a call was cancelled');
}

/** Pairs of rows without end, all of them at the source, where it joins; else its largest table. */
function longStatement(world: World, signal: AbortSignal): readonly [sql: string, options: QueryOptions] {
  const many = world.tested('many');
  const { capabilities } = world.source.getInfo();
  return capabilities.kind === 'sql' && capabilities.aggregate && capabilities.joins.includes('inner')
    ? [
        `SELECT count(*) FROM ${many} x JOIN ${many} y ON x.payload < y.payload AND x.id <> y.k`,
        { signal, pushdown: 'require' },
      ]
    : [`SELECT * FROM ${many}`, { signal }];
}

async function active(world: World): Promise<number> {
  return (await world.subject.hooks?.activeStatements?.()) ?? 0;
}

async function noStatements(world: World, when: string): Promise<void> {
  const ms = await patience(world);
  const stopped = await within(ms, async () => (await active(world)) === 0);
  expect(stopped, `the server still works on ${await active(world)} statements ${Math.round(ms)} ms ${when}`);
}
