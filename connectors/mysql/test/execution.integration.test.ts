import { compare, type Rel, TributaryError } from '@tributary/connector-sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestQuery } from '@tributary/connector-testkit/dialect';
import { lit, ref } from '@tributary/connector-testkit/dialect';
import { until } from '../../postgres/test/support/server.js';
import { createMySqlSource } from '../src/index.js';
import { calm, planOf, rowsIn, rowsOf, scanned } from './support/run.js';
import { products, RunningServer } from './support/server.js';

const tables = [
  'CREATE TABLE numbers (id INT PRIMARY KEY, k INT, s VARCHAR(40), KEY (s))',
  `INSERT INTO numbers WITH d(i) AS (SELECT 0 UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5
    UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9)
    SELECT n, n % 10, CONCAT('Key ', n) FROM (
      SELECT a.i + 10 * b.i + 100 * c.i + 1000 * e.i AS n FROM d a, d b, d c, d e) numbered`,
  // A hundred million comparisons, and again for every row.
  `CREATE VIEW slow AS SELECT COUNT(*) AS id FROM numbers a, numbers b, numbers c WHERE a.s < b.s AND b.s < c.s`,
  `CREATE VIEW endless AS SELECT a.id, REPEAT('x', 1000) AS s FROM numbers a, numbers b`,
  `CREATE TABLE legacy (id INT PRIMARY KEY, latin VARCHAR(20) CHARACTER SET latin1, old VARCHAR(20) CHARACTER SET utf8mb3,
    mood ENUM('é', 'x') CHARACTER SET latin1, KEY (latin), KEY (old))`,
  "INSERT INTO legacy VALUES (1, 'é', 'é', 'é'), (2, '?', '?', 'x'), (3, 'E', 'E', NULL)",
  'CREATE TABLE secret (id INT)',
  "CREATE USER 'guest'@'%' IDENTIFIED BY 'Gu3st!'",
  "GRANT SELECT ON shop.numbers TO 'guest'@'%'",
  'ANALYZE TABLE numbers',
];

const cancelled = new TributaryError('QUERY.CANCELLED', { message: 'The caller cancelled.' });

async function failure(run: () => Promise<unknown>): Promise<TributaryError> {
  try {
    await run();
  } catch (error) {
    if (error instanceof TributaryError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

/** Rows of `numbers` with the given text, whatever collation the column has. */
function withText(input: Rel, text: string): Rel {
  return { kind: 'filter', input, predicates: [compare('=', ref(input, 's'), lit('varchar', text))] };
}

describe.each(products)('%s', (product) => {
  let server: RunningServer;

  beforeAll(async () => {
    server = await RunningServer.open(product);
    for (const sql of tables) await server.admin.query(sql);
  }, 60_000);

  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });

  /** Statements that the server runs for others than the administrator. */
  async function active(): Promise<number> {
    const [rows] = await server.admin.query(
      `SELECT id FROM information_schema.processlist
       WHERE command IN ('Query', 'Execute') AND id <> CONNECTION_ID() AND user = 'tributary'`,
    );
    return Array.isArray(rows) ? rows.length : 0;
  }

  const isIdle = async (): Promise<boolean> => (await active()) === 0;

  describe('cancel', () => {
    test.each(['relation', 'batches'] as const)(
      '%s: the statement is gone from the server',
      async (prefer) => {
        const source = server.source();
        await using query = await TestQuery.open();
        const slow = await scanned(source, 'slow');
        const error = failure(() => rowsIn(query, source, slow, { prefer }));
        await until(async () => (await active()) === 1, 5_000);
        query.controller.abort(cancelled);
        expect(await until(isIdle, 5_000)).toBeLessThan(1_000);
        expect((await error).code).toBe('QUERY.CANCELLED');
        // A KILL that comes late would hit this one.
        expect(await rowsOf(source, await scanned(source, 'secret'))).toEqual([]);
      },
    );

    test('in the middle of rows that nobody takes, or when the reader leaves', async () => {
      const source = server.source();
      const endless = planOf(source, await scanned(source, 'endless'));
      for (const end of ['abort', 'leave'] as const) {
        await using query = await TestQuery.open();
        const result = await source.executeRemoteQuery(endless, query.context({ prefer: 'batches' }));
        if (result.kind !== 'batches') throw new Error('no batches');
        const iterator = result.batches[Symbol.asyncIterator]();
        await iterator.next();
        if (end === 'abort') query.controller.abort(cancelled);
        else await iterator.return?.();
        expect(await until(isIdle, 5_000)).toBeLessThan(1_000);
      }
    });

    test('the socket stands still while nobody reads', async () => {
      const source = server.source();
      await using query = await TestQuery.open();
      let fetched = 0;
      const result = await source.executeRemoteQuery(planOf(source, await scanned(source, 'endless')), {
        ...query.context({ prefer: 'batches' }),
        onProgress: (_, bytes) => void (fetched = bytes),
      });
      await new Promise((resolve) => setTimeout(resolve, 700));
      expect(fetched).toBeGreaterThan(0);
      expect(fetched).toBeLessThan(64 * 1024 * 1024);
      if (result.kind === 'batches') await result.batches[Symbol.asyncIterator]().return?.();
    });

    test('while it waits for a connection', async () => {
      const source = server.source({ poolSize: 2 });
      const slow = await scanned(source, 'slow');
      await using query = await TestQuery.open();
      const running = [0, 1].map(() => failure(() => rowsIn(query, source, slow)));
      await until(async () => (await active()) === 2, 5_000);
      await using waiting = await TestQuery.open();
      const third = failure(() => rowsIn(waiting, source, slow));
      waiting.controller.abort(cancelled);
      expect((await third).code).toBe('QUERY.CANCELLED');
      query.controller.abort(cancelled);
      await Promise.all(running);
      expect(await rowsOf(source, await scanned(source, 'secret'))).toEqual([]);
    });
  });

  test('the server ends a statement that outlives its time, should the engine not', async () => {
    const source = server.source();
    const error = await failure(async () => rowsOf(source, await scanned(source, 'slow'), { timeoutMs: 1 }));
    expect(error.code).toBe('SOURCE.TIMEOUT');
  });

  test('all fragments of a query see one state of the database', async () => {
    const source = server.source();
    const scan = await scanned(source, 'numbers');
    await server.admin.query("INSERT INTO numbers VALUES (70000, 1, 'Seventy')");
    const seventy = withText(scan, 'Seventy');
    await using query = await TestQuery.open(2);
    expect(await rowsIn(query, source, seventy)).toHaveLength(1);
    await server.admin.query('DELETE FROM numbers WHERE id = 70000');
    expect(await rowsIn(query, source, seventy)).toHaveLength(1);
    await query[Symbol.asyncDispose]();
    expect(await rowsOf(source, seventy)).toEqual([]);
  });

  test('fragments that start at once take turns', async () => {
    const source = server.source();
    const scan = await scanned(source, 'numbers');
    await using query = await TestQuery.open(3);
    const counts = await Promise.all([1, 2, 3].map(() => rowsIn(query, source, scan)));
    expect(counts.map(({ length }) => length)).toEqual([10_000, 10_000, 10_000]);
  });

  test('equality of text finds its rows by the index of another collation', async () => {
    const source = server.source();
    const scan = await scanned(source, 'numbers');
    const { native } = planOf(source, withText(scan, 'Key 77'));
    const [plan] = await server.admin.query(`EXPLAIN ${native}`);
    expect(JSON.stringify(plan)).toContain('"key":"s"');
    expect(await rowsOf(source, withText(scan, 'Key 77'))).toHaveLength(1);
    expect(await rowsOf(source, withText(scan, 'KEY 77'))).toEqual([]);
    expect(await rowsOf(source, withText(scan, 'Key 77 '))).toEqual([]);
  });

  test.each(['latin', 'old'])('constants that the character set of column %s lacks', async (name) => {
    const source = server.source();
    const scan = await scanned(source, 'legacy');
    const where = (value: string): Rel => ({
      kind: 'filter',
      input: scan,
      predicates: [compare('=', ref(scan, name), lit('varchar', value))],
    });
    const [plan] = await server.admin.query(`EXPLAIN ${planOf(source, where('é')).native}`);
    expect(JSON.stringify(plan)).toContain(`"key":"${name}"`);
    const idsOf = async (value: string): Promise<readonly unknown[]> =>
      (await rowsOf(source, where(value))).map(([id]) => id);
    expect(await idsOf('é')).toEqual(['1']);
    expect(await idsOf('?')).toEqual(['2']);
    expect(await idsOf('e')).toEqual([]);
    // In that character set it would be a question mark.
    expect(await idsOf('😀')).toEqual([]);
    const list = [lit('varchar', '😀'), lit('varchar', 'é')];
    const among: Rel = {
      kind: 'filter',
      input: scan,
      predicates: [{ kind: 'in', arg: ref(scan, name), list, negated: false }],
    };
    expect((await rowsOf(source, among)).map(([id]) => id)).toEqual(['1']);
  });

  test('the first rows by a key come from its index', async () => {
    const source = server.source();
    const scan = await scanned(source, 'numbers');
    const keys = [{ expr: ref(scan, 'id'), descending: false, nullsFirst: false }];
    const top: Rel = { kind: 'limit', input: { kind: 'sort', input: scan, keys }, limit: lit('bigint', '3') };
    const [plan] = await server.admin.query(`EXPLAIN ${planOf(source, top).native}`);
    expect(JSON.stringify(plan)).not.toContain('filesort');
    expect((await rowsOf(source, top)).map(([id]) => id)).toEqual(['0', '1', '2']);
  });

  test('an INT that overflows is an error of the source, and says what to do', async () => {
    const source = server.source();
    const scan = await scanned(source, 'numbers');
    const tooLarge = {
      kind: 'call',
      fn: '*',
      args: [ref(scan, 'id'), lit('integer', '2147483647')],
      type: { id: 'integer' },
    } as const;
    const error = await failure(() =>
      rowsOf(source, {
        kind: 'filter',
        input: scan,
        predicates: [compare('>', tooLarge, lit('integer', '0'))],
      }),
    );
    expect(error).toMatchObject({ code: 'SOURCE.QUERY_FAILED', fix: expect.stringContaining('guard') });
  });

  describe('errors', () => {
    const address = (): { host: string; port: number } => ({
      host: server.server.host,
      port: server.server.port,
    });

    test.each([
      ['a wrong password', { user: 'guest', password: 'wr0ng-secret' }, 'SOURCE.AUTHENTICATION'],
      [
        'an unknown database',
        { user: 'tributary', password: 'tributary', database: 'nowhere' },
        'SOURCE.MISSING_OBJECT',
      ],
    ])('%s', async (_, options, code) => {
      await using source = createMySqlSource('shop', { ...address(), ...options });
      const error = await failure(() => source.listTables(calm));
      expect(error.code).toBe(code);
      expect(JSON.stringify([error.message, error.fix, String(error.cause)])).not.toContain('wr0ng-secret');
    });

    test('a server of the other product', async () => {
      const other = product === 'mysql' ? 'mariadb' : 'mysql';
      await using source = createMySqlSource('shop', { url: server.server.url, product: other });
      expect((await failure(() => source.listTables(calm))).code).toBe('CONFIG.INVALID');
    });

    test('a table that may not be read', async () => {
      await using guest = createMySqlSource('shop', {
        ...address(),
        user: 'guest',
        password: 'Gu3st!',
        database: 'shop',
      });
      expect((await guest.listTables(calm)).map(({ name }) => name)).toEqual(['numbers']);
      expect(await guest.describeTable(['secret'], calm)).toBeUndefined();
    });

    test('a column and a table that have gone since the plan was made', async () => {
      const source = server.source();
      await server.admin.query('CREATE TABLE passing (id INT, x INT)');
      const scan = await scanned(source, 'passing');
      await server.admin.query('ALTER TABLE passing DROP COLUMN x');
      expect((await failure(() => rowsOf(source, scan))).code).toBe('SOURCE.MISSING_OBJECT');
      await server.admin.query('DROP TABLE passing');
      expect((await failure(() => rowsOf(source, scan))).code).toBe('SOURCE.MISSING_OBJECT');
    });

    test('a statement that somebody kills', async () => {
      const source = server.source();
      const slow = await scanned(source, 'slow');
      const error = failure(() => rowsOf(source, slow));
      await until(async () => (await active()) === 1, 5_000);
      const [rows] = await server.admin.query(
        "SELECT id FROM information_schema.processlist WHERE command IN ('Query', 'Execute') AND id <> CONNECTION_ID() AND user = 'tributary'",
      );
      const [row] = Array.isArray(rows) ? rows : [];
      if (row === undefined || !('id' in row)) throw new Error('nothing runs');
      await server.admin.query(`KILL QUERY ${Number(row.id)}`);
      expect((await error).code).toBe('SOURCE.QUERY_FAILED');
    });
  });

  test('a server that stops in the middle of an answer, and comes back', async () => {
    const source = server.source();
    const endless = await scanned(source, 'endless');
    const error = failure(() => rowsOf(source, endless));
    await until(async () => (await active()) === 1, 5_000);
    await server.server.kill();
    expect((await error).code).toBe('SOURCE.UNREACHABLE');
    expect((await failure(() => source.listTables(calm))).code).toBe('SOURCE.UNREACHABLE');
    await server.server.start();
    expect((await source.listTables(calm)).length).toBeGreaterThan(0);
    await source.close();
    expect((await failure(() => source.listTables(calm))).code).toBe('ENGINE.CLOSED');
  });
});
