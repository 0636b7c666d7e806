import { type ExecuteContext, type Rel, type Scan, TributaryError } from '@tributary/connector-sdk';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { TestQuery } from '@tributary/connector-testkit/dialect';
import { createMySqlSource, type MySqlSource } from '../src/index.js';
import { rowsIn, rowsOf, scanned } from './support/run.js';
import { RunningServer } from './support/server.js';
import { SilentProxy } from './support/silent-proxy.js';

/** Waiting for a KILL that cannot come takes a second. */
const enoughMs = 3_000;

describe('on a connection that is dead without anybody knowing', () => {
  let server: RunningServer;
  let proxy: SilentProxy;
  let source: MySqlSource;
  let table: Scan;

  beforeAll(async () => {
    server = await RunningServer.open('mysql');
    await server.admin.query('CREATE TABLE numbers (id INT PRIMARY KEY)');
    await server.admin.query('INSERT INTO numbers VALUES (1), (2)');
    proxy = await SilentProxy.open(server.server);
  }, 60_000);

  afterAll(async () => {
    await proxy?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    proxy.heal();
    source = createMySqlSource('my', { url: proxy.url, poolSize: 2, connectTimeoutMs: 2_000 });
    table = await scanned(source, 'numbers');
  });

  afterEach(() => source.close());

  /** Once the server can be reached, the source works again, with both of its connections at once. */
  async function expectRecovered(): Promise<void> {
    proxy.heal();
    await using query = await TestQuery.open(2);
    expect(await rowsIn(query, source, table)).toHaveLength(2);
    expect(await rowsOf(source, table)).toHaveLength(2);
  }

  async function expectCancelled(work: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    proxy.silence();
    const controller = new AbortController();
    const running = work(controller.signal);
    const outcome = expect(running).rejects.toMatchObject({ code: 'QUERY.CANCELLED' });
    await sleep(50);
    const begun = performance.now();
    controller.abort(new TributaryError('QUERY.CANCELLED', { message: 'enough' }));
    await outcome;
    expect(performance.now() - begun).toBeLessThan(enoughMs);
    await expectRecovered();
  }

  function reading(query: TestQuery, relation: Rel, overrides: Partial<ExecuteContext> = {}) {
    return (signal: AbortSignal): Promise<unknown> =>
      rowsIn(query, source, relation, { signal, ...overrides });
  }

  test('an abort ends a look into the catalogue', async () => {
    await expectCancelled((signal) => source.listTables({ signal }));
  });

  test('an abort ends a statement whose time limit is being set', async () => {
    await using query = await TestQuery.open();
    await expectCancelled(reading(query, table, { timeoutMs: 12_345 }));
  });

  test('an abort ends a statement whose rows are to come', async () => {
    await using query = await TestQuery.open();
    await rowsIn(query, source, table);
    await expectCancelled(reading(query, table));
  });

  test('an abort ends a statement for which a snapshot is being taken', async () => {
    await using query = await TestQuery.open(2);
    await expectCancelled(reading(query, table));
  });

  test('a query with a snapshot ends', async () => {
    const query = await TestQuery.open(2);
    expect(await rowsIn(query, source, table)).toHaveLength(2);
    proxy.silence();
    const begun = performance.now();
    await query[Symbol.asyncDispose]();
    expect(performance.now() - begun).toBeLessThan(enoughMs);
    await expectRecovered();
  });
});
