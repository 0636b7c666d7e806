import { TributaryError } from '@tributary/contract/errors';
import { type Rel, compare, literal, simpleType } from '@tributary/contract/plan';
import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPostgresSource } from '../src/index.js';
import { TestQuery } from '@tributary/connector-testkit/dialect';
import { ref } from '@tributary/connector-testkit/dialect';
import { planOf, rowsIn, rowsOf, scan } from './support/run.js';
import { TestServer, until } from './support/server.js';

let db: TestServer;

beforeAll(async () => {
  db = await TestServer.open(`
    CREATE TABLE numbers AS SELECT g::bigint AS id, g % 10 AS k, md5(g::text) AS s FROM generate_series(1, 300000) g;
    DELETE FROM numbers WHERE id % 7 = 0;
    UPDATE numbers SET k = k + 1 WHERE id % 5 = 0;
    ALTER TABLE numbers ADD PRIMARY KEY (id);
    CREATE VIEW slow AS SELECT g AS id FROM generate_series(1, 1000) g WHERE pg_sleep(0.05) IS NOT NULL;
    CREATE VIEW endless AS SELECT g AS id, repeat('x', 1000) AS s FROM generate_series(1, 10000) h, generate_series(1, 10000) g;
    CREATE TABLE nan (id int, n numeric(10, 2));
    INSERT INTO nan VALUES (1, 1), (2, 'NaN');
    CREATE TABLE loose (n numeric);
    INSERT INTO loose VALUES (0.12345678901234500001);
    CREATE TABLE secret (id int);
    CREATE ROLE guest LOGIN PASSWORD 'guest';
    GRANT SELECT ON numbers TO guest;
    ANALYZE;`);
});

afterAll(async () => {
  await db?.[Symbol.asyncDispose]();
});

async function failure(run: () => Promise<unknown>): Promise<TributaryError> {
  try {
    await run();
  } catch (error) {
    if (error instanceof TributaryError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

const cancelled = new TributaryError('QUERY.CANCELLED', { message: 'The caller cancelled.' });

describe('cancel', () => {
  test.each(['relation', 'batches'] as const)(
    '%s: the statement is gone from the server, the connection stays',
    async (prefer) => {
      const source = db.source();
      await using query = await TestQuery.open();
      const plan = planOf(source, await scan(source, 'slow'));
      const error = failure(() => rowsIn(query, source, plan, { prefer }));
      await until(async () => (await db.sessions('active')) === 1, 5_000);
      query.controller.abort(cancelled);
      expect(await until(async () => (await db.sessions('active')) === 0, 5_000)).toBeLessThan(1_000);
      expect((await error).code).toBe('QUERY.CANCELLED');
      const before = await db.sessions();
      expect(await rowsOf(source, await scan(source, 'nan').then((s) => onlyId(s)))).toHaveLength(2);
      expect(await db.sessions()).toBe(before);
      await source.close();
    },
  );

  test('in the middle of rows that nobody takes', async () => {
    const source = db.source();
    await using query = await TestQuery.open();
    const plan = planOf(source, await scan(source, 'endless'));
    const result = await source.executeRemoteQuery(plan, query.context({ prefer: 'batches' }));
    if (result.kind !== 'batches') throw new Error('no batches');
    const iterator = result.batches[Symbol.asyncIterator]();
    await iterator.next();
    query.controller.abort(cancelled);
    await until(async () => (await db.sessions('active')) === 0, 1_000);
    await source.close();
  });

  test('a reader who leaves ends the statement', async () => {
    const source = db.source();
    await using query = await TestQuery.open();
    const plan = planOf(source, await scan(source, 'endless'));
    const result = await source.executeRemoteQuery(plan, query.context({ prefer: 'batches' }));
    if (result.kind !== 'batches') throw new Error('no batches');
    for await (const batch of result.batches) {
      expect(batch.numRows).toBeGreaterThan(0);
      break;
    }
    await until(async () => (await db.sessions('active')) === 0, 1_000);
    await source.close();
  });

  test('the socket stands still while nobody reads', async () => {
    const source = db.source();
    await using query = await TestQuery.open();
    let fetched = 0;
    const result = await source.executeRemoteQuery(planOf(source, await scan(source, 'endless')), {
      ...query.context({ prefer: 'batches' }),
      onProgress: (_, bytes) => void (fetched = bytes),
    });
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(fetched).toBeGreaterThan(0);
    expect(fetched).toBeLessThan(64 * 1024 * 1024);
    if (result.kind === 'batches') await result.batches[Symbol.asyncIterator]().return?.();
    await source.close();
  });

  test('before it has a connection', async () => {
    const source = db.source({ poolSize: 2 });
    await using query = await TestQuery.open();
    const plan = planOf(source, await scan(source, 'slow'));
    const running = [0, 1].map(() => failure(() => rowsIn(query, source, plan)));
    await until(async () => (await db.sessions('active')) === 2, 5_000);
    await using waiting = await TestQuery.open();
    const third = failure(() => rowsIn(waiting, source, plan));
    waiting.controller.abort(cancelled);
    expect((await third).code).toBe('QUERY.CANCELLED');
    query.controller.abort(cancelled);
    await Promise.all(running);
    expect(await rowsOf(source, await scan(source, 'loose').then(() => onlyIds(source)))).toHaveLength(2);
    await source.close();
  });
});

function onlyId(input: Rel): Rel {
  return {
    kind: 'project',
    input,
    columns: [{ id: 70_001, name: 'id', type: simpleType('integer'), expr: ref(input, 'id') }],
  };
}

async function onlyIds(source: Parameters<typeof scan>[0]): Promise<Rel> {
  return onlyId(await scan(source, 'nan'));
}

describe('timeout', () => {
  test('the engine aborts with its own reason', async () => {
    const source = db.source();
    await using query = await TestQuery.open();
    const reason = new TributaryError('SOURCE.TIMEOUT', { message: 'too slow', sourceId: 'pg' });
    setTimeout(() => query.controller.abort(reason), 100);
    const plan = planOf(source, await scan(source, 'slow'));
    expect(await failure(() => rowsIn(query, source, plan))).toBe(reason);
    expect(await db.sessions('active')).toBe(0);
    await source.close();
  });

  test('the server has a limit of its own behind it', async () => {
    const source = db.source();
    await using query = await TestQuery.open();
    const plan = planOf(source, await scan(source, 'slow'));
    const error = await failure(() => rowsIn(query, source, plan, { timeoutMs: 1 }));
    expect(error.code).toBe('SOURCE.TIMEOUT');
    expect(error.retryable).toBe(true);
    expect(await rowsIn(query, source, planOf(source, await onlyIds(source)))).toHaveLength(2);
    await source.close();
  });
});

describe('values without a counterpart', () => {
  test.each(['relation', 'batches'] as const)(
    'NaN in a decimal column names the column (%s)',
    async (prefer) => {
      const source = db.source();
      await using query = await TestQuery.open();
      const error = await failure(async () =>
        rowsIn(query, source, planOf(source, await scan(source, 'nan')), { prefer }),
      );
      expect(error.code).toBe('SOURCE.UNREPRESENTABLE_VALUE');
      expect(error.message).toContain('n');
      expect(error.object).toBe('public.nan');
      expect(query.spooled).toBe(0);
      expect(await readdir(query.directory)).toEqual([]);
      expect(await rowsIn(query, source, planOf(source, await onlyIds(source)))).toHaveLength(2);
      await source.close();
    },
  );

  test.each([
    ['decimal', 'SOURCE.UNREPRESENTABLE_VALUE'],
    ['double', 0.123456789012345],
    ['varchar', "'0.12345678901234500001'"],
  ] as const)('unconstrained numeric as %s', async (unconstrainedNumeric, expected) => {
    const source = db.source({ unconstrainedNumeric });
    const run = async (): Promise<unknown> => rowsOf(source, await scan(source, 'loose'));
    if (unconstrainedNumeric === 'decimal') expect((await failure(run)).code).toBe(expected);
    else expect(await run()).toEqual([[expected]]);
    await source.close();
  });
});

describe('the spool', () => {
  test('a full one ends the statement and leaves nothing', async () => {
    const source = db.source();
    await using query = await TestQuery.open();
    const full = new TributaryError('RESOURCE.SPILL_FULL', { message: 'full' });
    const { spool } = query.context();
    let left = 100_000;
    const reserve = (bytes: number): void => {
      left -= bytes;
      if (left < 0) throw full;
      spool.reserve(bytes);
    };
    const plan = planOf(source, await scan(source, 'endless'));
    expect(await failure(() => rowsIn(query, source, plan, { spool: { ...spool, reserve } }))).toBe(full);
    expect(query.spooled).toBe(0);
    expect(await readdir(query.directory)).toEqual([]);
    await until(async () => (await db.sessions('active')) === 0, 1_000);
    await source.close();
  });

  test('release gives files and quota back', async () => {
    const source = db.source();
    await using query = await TestQuery.open();
    const result = await source.executeRemoteQuery(
      planOf(source, await scan(source, 'numbers')),
      query.context(),
    );
    expect(query.spooled).toBeGreaterThan(0);
    if (result.kind === 'relation') await result.release();
    expect(query.spooled).toBe(0);
    expect(await readdir(query.directory)).toEqual([]);
    await source.close();
  });
});

describe('errors', () => {
  test.each([
    ['a wrong password', { password: 'wrong-secret' }, 'SOURCE.AUTHENTICATION', false],
    ['a user who is not there', { user: 'nobody', password: 'wrong-secret' }, 'SOURCE.AUTHENTICATION', false],
    ['a database that is not there', { database: 'nowhere' }, 'SOURCE.MISSING_OBJECT', false],
    ['no server', { port: 1 }, 'SOURCE.UNREACHABLE', true],
    ['a host without address', { host: 'host.invalid' }, 'SOURCE.UNREACHABLE', true],
    ['TLS where the server has none', { ssl: { mode: 'require' } }, 'SOURCE.UNREACHABLE', false],
  ] as const)('%s', async (_, options, code, retryable) => {
    const source = db.source(options);
    const error = await failure(() => source.listTables({ signal: new AbortController().signal }));
    expect([error.code, error.retryable, error.sourceId]).toEqual([code, retryable, 'pg']);
    expect(JSON.stringify(error)).not.toMatch(/wrong-secret|tributary@|:tributary/);
    await source.close();
  });

  test('a table without the right to read it', async () => {
    const source = db.source({ user: 'guest', password: 'guest' });
    const tables = await source.listTables({ signal: new AbortController().signal });
    expect(tables.map(({ name }) => name)).toEqual(['numbers']);
    const error = await failure(async () => rowsOf(source, await scan(source, 'secret')));
    expect([error.code, error.object]).toEqual(['SOURCE.PERMISSION', 'public.secret']);
    await source.close();
  });

  test('a table that is dropped after planning', async () => {
    const source = db.source();
    await db.admin.query('CREATE TABLE short_lived (id int)');
    const relation = await scan(source, 'short_lived');
    await db.admin.query('DROP TABLE short_lived');
    for (const prefer of ['relation', 'batches'] as const) {
      const error = await failure(() => rowsOf(source, relation, { prefer }));
      expect([error.code, error.object, error.retryable]).toEqual([
        'SOURCE.MISSING_OBJECT',
        'public.short_lived',
        true,
      ]);
    }
    await source.close();
  });

  test('a type that changes after planning is noticed, not misread', async () => {
    const source = db.source();
    await db.admin.query('CREATE TABLE changing (id bigint); INSERT INTO changing VALUES (1)');
    const relation = await scan(source, 'changing');
    await db.admin.query('ALTER TABLE changing ALTER id TYPE double precision');
    for (const prefer of ['relation', 'batches'] as const) {
      const error = await failure(() => rowsOf(source, relation, { prefer }));
      expect([error.code, error.retryable]).toEqual(['SOURCE.MISSING_OBJECT', true]);
    }
    await source.close();
  });

  test('a statement that the server keeps answers with other values, and notices that its table has changed', async () => {
    const source = db.source({ poolSize: 2 });
    await db.admin.query('CREATE TABLE kept (id bigint); INSERT INTO kept VALUES (1), (2)');
    const base = await scan(source, 'kept');
    const id = ref(base, 'id');
    const parameter = { kind: 'parameter', name: '1', type: simpleType('bigint') } as const;
    const relation: Rel = { kind: 'filter', input: base, predicates: [compare('=', id, parameter)] };
    const ask = (value: string): Promise<readonly unknown[]> =>
      rowsOf(source, relation, { parameters: new Map([['1', { type: simpleType('bigint'), value }]]) });
    for (const value of ['1', '2', '3']) {
      expect((await ask(value)).length).toBe(value === '3' ? 0 : 1);
    }
    await db.admin.query('ALTER TABLE kept ALTER id TYPE integer');
    const error = await failure(() => ask('1'));
    expect([error.code, error.retryable]).toEqual(['SOURCE.MISSING_OBJECT', true]);
    await source.close();
  });

  test('nothing runs after close, and no session stays', async () => {
    const source = db.source();
    await rowsOf(source, await onlyIds(source));
    await source.close();
    await source.close();
    await until(async () => (await db.sessions()) === 0, 2_000);
    const error = await failure(() => source.listTables({ signal: new AbortController().signal }));
    expect(error.code).toBe('ENGINE.CLOSED');
  });
});

describe('one snapshot', () => {
  test('fragments of one query see the same state, whoever writes between them', async () => {
    const source = db.source();
    await db.admin.query('CREATE TABLE moving (id int); INSERT INTO moving SELECT generate_series(1, 1000)');
    const relation = await scan(source, 'moving');
    const plan = planOf(source, relation);
    await using query = await TestQuery.open(3);
    expect(await rowsIn(query, source, plan)).toHaveLength(1000);
    await db.admin.query('INSERT INTO moving SELECT generate_series(1, 500)');
    const [first, second] = await Promise.all([rowsIn(query, source, plan), rowsIn(query, source, plan)]);
    expect([first.length, second.length]).toEqual([1000, 1000]);
    await using later = await TestQuery.open();
    expect(await rowsIn(later, source, plan)).toHaveLength(1500);
    await source.close();
  });

  test('many queries of several fragments do not lock each other out of a small pool', async () => {
    const source = db.source({ poolSize: 3 });
    const plan = planOf(source, await onlyIds(source));
    const run = async (): Promise<number> => {
      await using query = await TestQuery.open(3);
      const rows = await Promise.all([
        rowsIn(query, source, plan),
        rowsIn(query, source, plan),
        rowsIn(query, source, plan),
      ]);
      return rows.flat().length;
    };
    const counts = await Promise.all(Array.from({ length: 24 }, run));
    expect(counts).toEqual(counts.map(() => 6));
    await source.close();
    await until(async () => (await db.sessions()) === 0, 2_000);
  });
});

describe('the split read', () => {
  test.each([1, 2, 3, 7])('%s connections read every row once', async (fetchConnections) => {
    const source = db.source({ fetchConnections, minSplitRows: 1 });
    const numbers = await scan(source, 'numbers');
    const filtered: Rel = {
      kind: 'filter',
      input: numbers,
      predicates: [compare('>', ref(numbers, 'k'), literal(simpleType('integer'), '3'))],
    };
    for (const relation of [numbers, filtered]) {
      await using query = await TestQuery.open();
      const plan = planOf(source, relation, 1_000_000);
      const result = await source.executeRemoteQuery(plan, query.context());
      if (result.kind !== 'relation') throw new Error('no relation');
      expect(await readdir(query.directory)).toHaveLength(fetchConnections);
      const where = relation === filtered ? 'WHERE k > 3' : '';
      const { rows } = await db.admin.query(
        `SELECT count(*)::int AS rows, sum(id)::text AS sum FROM numbers ${where}`,
      );
      await using duckdb = await (await import('@tributary/testbed')).openPlainDuckDB();
      const answer = await duckdb.query(`SELECT count(*), count(DISTINCT id), sum(id) FROM (${result.sql})`);
      expect(answer.rows).toEqual([[String(rows[0].rows), String(rows[0].rows), rows[0].sum]]);
      expect(result.rows).toBe(rows[0].rows);
    }
    await source.close();
  });

  test('a failure on one connection stops the others and leaves nothing', async () => {
    const source = db.source({ minSplitRows: 1 });
    await db.admin.query(`
      CREATE TABLE rotten AS SELECT g AS id, g::numeric(10, 2) AS n, repeat('x', 500) AS s FROM generate_series(1, 100000) g;
      UPDATE rotten SET n = 'NaN' WHERE id = 50000`);
    await using query = await TestQuery.open();
    const plan = planOf(source, await scan(source, 'rotten'), 1_000_000);
    const error = await failure(() => rowsIn(query, source, plan));
    expect(error.code).toBe('SOURCE.UNREPRESENTABLE_VALUE');
    expect(await readdir(query.directory)).toEqual([]);
    expect(query.spooled).toBe(0);
    expect(await db.sessions('active')).toBe(0);
    await source.close();
  });

  test('inheritance parents and views are read whole', async () => {
    const source = db.source({ minSplitRows: 1 });
    await db.admin.query(`
      CREATE TABLE parent (id int); CREATE TABLE child () INHERITS (parent);
      INSERT INTO parent SELECT generate_series(1, 10); INSERT INTO child SELECT generate_series(11, 30)`);
    await using query = await TestQuery.open();
    expect(await rowsIn(query, source, planOf(source, await scan(source, 'parent'), 1_000_000))).toHaveLength(
      30,
    );
    await source.close();
  });
});

describe('a server that dies', () => {
  test('in the middle of a query: one error, and the next query works once it is back', async () => {
    const source = db.source();
    await using query = await TestQuery.open();
    const plan = planOf(source, await scan(source, 'slow'));
    const running = (['relation', 'batches'] as const).map((prefer) =>
      failure(() => rowsIn(query, source, plan, { prefer })),
    );
    await until(async () => (await db.sessions('active')) === 2, 5_000);
    await db.server.kill();
    for (const error of await Promise.all(running)) {
      expect([error.code, error.retryable, error.sourceId]).toEqual(['SOURCE.UNREACHABLE', true, 'pg']);
    }
    expect(await readdir(query.directory)).toEqual([]);
    expect((await failure(() => source.listTables({ signal: query.controller.signal }))).code).toBe(
      'SOURCE.UNREACHABLE',
    );
    await db.server.start();
    expect(await rowsOf(source, await onlyIds(source))).toHaveLength(2);
    await source.close();
  });

  test('before the first query: nothing connects at creation', async () => {
    const source = createPostgresSource('gone', { host: '127.0.0.1', port: 1 });
    expect(source.getInfo().sourceType).toBe('database');
    await source.close();
  });
});
