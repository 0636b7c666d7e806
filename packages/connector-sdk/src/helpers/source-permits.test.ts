import type { QueryScope } from '@tributary/contract/source';
import { afterEach, expect, test } from 'vitest';
import { SourcePermits } from './source-permits.js';

const opened: SourcePermits[] = [];

function permitsOf(context: string, total: number): SourcePermits {
  const permits = new SourcePermits(context, total);
  opened.push(permits);
  return permits;
}

afterEach(() => {
  for (const permits of opened.splice(0)) permits.close();
});

/** A query with so many statements in each source. */
class Query implements QueryScope {
  readonly id = 'test';
  readonly startedAt = performance.now();
  readonly controller = new AbortController();
  readonly signal = this.controller.signal;
  readonly #statements: Readonly<Record<string, number>>;
  readonly #shared = new Map<object, unknown>();
  readonly #cleanups: (() => Promise<void>)[] = [];

  constructor(statements: Readonly<Record<string, number>>) {
    this.#statements = statements;
  }

  fragmentsIn(context: string): number {
    return this.#statements[context] ?? 0;
  }

  shared<T>(key: object, make: () => T): T {
    if (!this.#shared.has(key)) this.#shared.set(key, make());
    return this.#shared.get(key) as T;
  }

  onEnd(cleanup: () => Promise<void>): void {
    this.#cleanups.push(cleanup);
  }

  async end(): Promise<void> {
    for (const cleanup of this.#cleanups.toReversed()) await cleanup();
  }
}

const calm = new AbortController().signal;
const soon = (work: Promise<void>): Promise<string> =>
  Promise.race([
    work.then(() => 'taken'),
    new Promise<string>((resolve) => setTimeout(resolve, 20, 'waits')),
  ]);

test('queries that keep what they have while they wait take turns, from whichever side they come', async () => {
  const [a, b] = [permitsOf('a', 1), permitsOf('b', 1)];
  const [one, two] = [new Query({ a: 2, b: 2 }), new Query({ a: 2, b: 2 })];
  await a.take(calm, one);
  const second = b.take(calm, two);
  expect(await soon(second)).toBe('waits');
  // Else each would hold what the other waits for.
  await b.take(calm, one);
  a.give();
  b.give();
  await one.end();
  await second;
  await a.take(calm, two);
});

test('what was kept for a query and not used is given back when it ends, also when it ends while it waits', async () => {
  const [a, b] = [permitsOf('a', 1), permitsOf('b', 1)];
  const one = new Query({ a: 2, b: 1 });
  await a.take(calm, one);
  expect(b.tryTake()).toBe(false);
  a.give();
  await one.end();
  expect(b.tryTake()).toBe(true);

  const two = new Query({ a: 1, b: 2 });
  const waiting = expect(a.take(calm, two)).rejects.toThrow();
  expect(await soon(two.end())).toBe('taken');
  await waiting;
  expect(a.tryTake()).toBe(true);
});

test('a query with one statement in each, or with one source, keeps nothing', async () => {
  const [a, b] = [permitsOf('a', 1), permitsOf('b', 1)];
  await a.take(calm, new Query({ a: 1, b: 1 }));
  expect(b.tryTake()).toBe(true);
  a.give();
  await a.take(calm, new Query({ a: 3 }));
});

test('who gives up waiting takes none', async () => {
  const [a, b] = [permitsOf('a', 1), permitsOf('b', 1)];
  expect(b.tryTake()).toBe(true);
  const query = new Query({ a: 2, b: 2 });
  const giver = new AbortController();
  const waiting = expect(a.take(giver.signal, query)).rejects.toThrow('The query was cancelled.');
  giver.abort();
  await waiting;
  await query.end();
  b.give();
  expect([a.tryTake(), b.tryTake()]).toEqual([true, true]);
});
