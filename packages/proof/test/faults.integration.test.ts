import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLakeSource } from '@tributary/connector-duckdb-s3';
import { createPostgresSource } from '@tributary/connector-postgres';
import { answer } from '@tributary/connector-testkit/generate';
import { type Engine, type EngineOptions, createEngine } from '@tributary/core';
import { type PlainDuckDB, type PostgresServer, openPlainDuckDB, startPostgres } from '@tributary/testbed';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failure, failureOf } from './support/failures.js';
import { Watcher, filesBelow, within } from './support/leftovers.js';

let server: PostgresServer;
let duckdb: PlainDuckDB;
let folder: string;
let engine: Engine;
let watcher: Watcher;

const lake = (): string => join(folder, 'lake');
const spill = (): string => join(folder, 'spill');

/** Rows of the large table: more than any buffer between the server and the test holds. */
const manyRows = 400_000;

beforeAll(async () => {
  server = await startPostgres();
  duckdb = await openPlainDuckDB();
  await using setup = await Watcher.open(server.url);
  await setup.run(
    `CREATE TABLE many AS SELECT i AS id, i % 1000 AS k, repeat('x', 100) AS filler FROM generate_series(1, ${manyRows}) i`,
  );
  await setup.run('CREATE TABLE few AS SELECT i AS id, i AS k FROM generate_series(1, 20) i');
  await setup.run('CREATE VIEW slow AS SELECT id, k, pg_sleep(10)::text AS nap FROM few');
  await setup.run('ANALYZE');
});

afterAll(async () => {
  await duckdb[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

beforeEach(async () => {
  await server.start();
  folder = await mkdtemp(join(tmpdir(), 'tributary-faults-'));
  await mkdir(lake());
  await mkdir(spill());
  await duckdb.run(
    `COPY (SELECT i AS id, i % 100 AS k, md5(i::VARCHAR) AS text FROM range(200000) t(i)) TO '${join(lake(), 'facts.parquet')}'`,
  );
  watcher = await Watcher.open(server.url);
  engine = await open();
});

afterEach(async () => {
  await engine.close();
  await server.start();
  await using after = await Watcher.open(server.url);
  expect(await within(2000, async () => (await after.connections()) === 0), 'connections stay').toBe(true);
  expect(await filesBelow(spill())).toEqual([]);
  await watcher[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

function open(options: Partial<EngineOptions> = {}, url = server.url): Promise<Engine> {
  return createEngine({
    sources: [createPostgresSource('shop', { url }), createLakeSource('lake', { root: lake() })],
    spillDirectory: spill(),
    ...options,
  });
}

/** Nothing of a failed query is left, and the next one works. */
async function expectRecovered(): Promise<void> {
  await using now = await Watcher.open(server.url);
  expect(await within(2000, async () => (await now.busy()).length === 0), 'statements go on').toBe(true);
  expect(await within(2000, async () => (await filesBelow(spill())).length === 0), 'files stay').toBe(true);
  const { rows } = await answer(engine, 'SELECT count(*) FROM few JOIN facts ON facts.id = few.id');
  expect(rows).toEqual([['20']]);
}

/** Both sources, the large table of PostgreSQL among them. */
const acrossBoth =
  'SELECT count(*), max(filler) FROM many JOIN facts ON facts.id = many.id AND facts.text > many.filler';

describe('PostgreSQL is down', () => {
  it.each([
    ['one fragment', 'SELECT * FROM few'],
    ['a join across sources', 'SELECT count(*) FROM few JOIN facts ON facts.id = few.id'],
  ])('before %s', async (_, sql) => {
    await answer(engine, sql);
    await server.stop();
    const error = await failureOf(engine, sql);
    expect(error).toMatchObject({ code: 'SOURCE.UNREACHABLE', sourceId: 'shop', retryable: true });
    await server.start();
    await expectRecovered();
  });

  it('before it was ever asked', async () => {
    await server.stop();
    expect(await failureOf(engine, 'SELECT * FROM few')).toMatchObject({
      code: 'SOURCE.UNREACHABLE',
      sourceId: 'shop',
    });
    await server.start();
    await expectRecovered();
  });

  it('from the middle of a streamed answer on', async () => {
    const result = await engine.query('SELECT id, filler FROM many');
    let rows = 0;
    const read = async (): Promise<void> => {
      for await (const batch of result) {
        if (rows === 0) await server.kill();
        rows += batch.numRows;
      }
    };
    expect(await failure(read())).toMatchObject({ code: 'SOURCE.UNREACHABLE', sourceId: 'shop' });
    expect(rows).toBeLessThan(manyRows);
    await server.start();
    await expectRecovered();
  });

  it('from the middle of a fetch for a join on', async () => {
    const running = failureOf(engine, 'SELECT count(*) FROM slow JOIN facts ON facts.id = slow.id');
    expect(await within(5000, async () => (await watcher.busy()).length > 0)).toBe(true);
    await server.kill();
    expect(await running).toMatchObject({ code: 'SOURCE.UNREACHABLE', sourceId: 'shop' });
    await server.start();
    await expectRecovered();
  });
});

describe('PostgreSQL refuses', () => {
  it('a wrong password, and the error does not tell it', async () => {
    const secret = 'dreadfully-wrong';
    await using other = await open({}, server.url.replace(server.password, secret));
    const error = await failureOf(other, 'SELECT * FROM few');
    expect(error).toMatchObject({ code: 'SOURCE.AUTHENTICATION', sourceId: 'shop', retryable: false });
    expect(JSON.stringify(error)).not.toContain(secret);
    await expectRecovered();
  });

  it('a table that was dropped after planning', async () => {
    await watcher.run('CREATE TABLE fleeting AS SELECT 1 AS x');
    const sql = 'SELECT x FROM fleeting';
    expect((await answer(engine, sql)).rows).toEqual([['1']]);
    await watcher.run('DROP TABLE fleeting');
    // What it was planned with has gone, so it is planned again: nothing is there now.
    const error = await failureOf(engine, sql);
    expect(error).toMatchObject({ code: 'SQL.UNKNOWN_TABLE', object: 'fleeting' });
    await watcher.run('CREATE TABLE fleeting AS SELECT 2 AS x');
    expect((await answer(engine, sql)).rows).toEqual([['2']]);
    await watcher.run('DROP TABLE fleeting');
    await expectRecovered();
  });

  it('nothing of a table that was dropped and made again, with other columns, after planning', async () => {
    const sql = 'SELECT * FROM remade WHERE x > 0';
    const joined = `SELECT r.x FROM remade r JOIN facts ON facts.id = r.x`;
    await watcher.run('CREATE TABLE remade AS SELECT 1 AS was, 1 AS x');
    expect((await answer(engine, joined)).rows).toEqual([['1']]);
    await watcher.run('DROP TABLE remade');
    await watcher.run(`CREATE TABLE remade AS SELECT 2::bigint AS x, 'new' AS is`);
    expect((await answer(engine, joined)).rows).toEqual([['2']]);
    await watcher.run('DROP TABLE remade');
    await watcher.run(`CREATE TABLE remade AS SELECT 3 AS x, 3 AS was`);
    // Its columns had been promised in another order.
    expect(await failureOf(engine, sql)).toMatchObject({ code: 'SOURCE.MISSING_OBJECT' });
    expect((await answer(engine, sql)).rows).toEqual([['3', '3']]);
    await watcher.run('DROP TABLE remade');
    await expectRecovered();
  });

  it('a column that was renamed after planning', async () => {
    await watcher.run('CREATE TABLE renamed AS SELECT 1 AS x');
    expect((await answer(engine, 'SELECT x FROM renamed')).rows).toEqual([['1']]);
    await watcher.run('ALTER TABLE renamed RENAME x TO y');
    expect(await failureOf(engine, 'SELECT x FROM renamed')).toMatchObject({
      code: 'SQL.BIND',
      position: 7,
    });
    expect((await answer(engine, 'SELECT y FROM renamed')).rows).toEqual([['1']]);
    await watcher.run('DROP TABLE renamed');
    await expectRecovered();
  });

  it('a column whose type changed after planning gives the new values or an error, never wrong ones', async () => {
    await watcher.run('CREATE TABLE retyped AS SELECT 1 AS x');
    expect((await answer(engine, 'SELECT x FROM retyped')).rows).toEqual([['1']]);
    await watcher.run(`ALTER TABLE retyped ALTER x TYPE text USING 'one'`);
    const rows = await answer(engine, 'SELECT x FROM retyped').then(
      (found) => found.rows,
      (error: unknown) => (error instanceof Error && error.name === 'TributaryError' ? [["'one'"]] : error),
    );
    expect(rows).toEqual([["'one'"]]);
    await watcher.run('DROP TABLE retyped');
    await expectRecovered();
  });
});

describe('time', () => {
  it('runs out for a source, whose statement then ends', async () => {
    await using hasty = await open({ sourceTimeoutsMs: { shop: 400 } });
    await answer(hasty, 'SELECT * FROM few');
    const started = performance.now();
    const error = await failureOf(hasty, 'SELECT count(*) FROM slow JOIN facts ON facts.id = slow.id');
    expect(error).toMatchObject({ code: 'SOURCE.TIMEOUT', sourceId: 'shop' });
    expect(performance.now() - started).toBeLessThan(4000);
    await expectRecovered();
  });

  it('runs out for the whole query', async () => {
    expect(await failureOf(engine, 'SELECT * FROM slow', { timeoutMs: 500 })).toMatchObject({
      code: 'QUERY.TIMEOUT',
    });
    await expectRecovered();
  });

  it.each([
    ['one fragment', 'SELECT * FROM slow'],
    ['a join across sources', 'SELECT count(*) FROM slow JOIN facts ON facts.id = slow.id'],
  ])('is up for %s when the caller cancels, and within a second for the server too', async (_, sql) => {
    const caller = new AbortController();
    const running = failureOf(engine, sql, { signal: caller.signal });
    expect(
      await within(5000, async () => (await watcher.busy()).some((query) => query.includes('slow'))),
    ).toBe(true);
    caller.abort();
    expect(await running).toMatchObject({ code: 'QUERY.CANCELLED' });
    expect(await within(1000, async () => (await watcher.busy()).length === 0)).toBe(true);
    await expectRecovered();
  });

  it('is up for a reader who leaves in the middle', async () => {
    await using result = await engine.query('SELECT id, filler FROM many');
    for await (const batch of result) {
      expect(batch.numRows).toBeGreaterThan(0);
      break;
    }
    await expectRecovered();
  });

  it('was up before the start', async () => {
    expect(await failureOf(engine, 'SELECT * FROM few', { signal: AbortSignal.abort() })).toMatchObject({
      code: 'QUERY.CANCELLED',
    });
    await expectRecovered();
  });
});

describe('Parquet files', () => {
  const sql = 'SELECT count(*), max(text) FROM damaged JOIN few ON few.k = damaged.k';
  const path = (): string => join(lake(), 'damaged.parquet');
  const copyWith = async (change: (bytes: Buffer) => Buffer): Promise<void> => {
    await writeFile(path(), change(await readFile(join(lake(), 'facts.parquet'))));
  };

  it.each([
    ['to nothing', (bytes: Buffer) => bytes.subarray(0, 0)],
    ['to a few bytes', (bytes: Buffer) => bytes.subarray(0, 7)],
    ['to half', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['by a byte', (bytes: Buffer) => bytes.subarray(0, -1)],
  ])('truncated %s', async (_, cut) => {
    await copyWith(cut);
    const error = await failureOf(engine, sql);
    expect(error).toMatchObject({ code: 'SOURCE.CORRUPT_DATA', sourceId: 'lake' });
    expect(`${error.object} ${error.message}`).toContain('damaged.parquet');
    await expectRecovered();
  });

  it('truncated after planning', async () => {
    await copyWith((bytes) => bytes);
    await answer(engine, sql);
    await copyWith((bytes) => bytes.subarray(0, bytes.length / 2));
    const error = await failureOf(engine, sql);
    expect(error).toMatchObject({ code: 'SOURCE.CORRUPT_DATA', sourceId: 'lake' });
    expect(`${error.object} ${error.message}`).toContain('damaged.parquet');
    await expectRecovered();
  });

  it('with rubbish where its pages were', async () => {
    await copyWith((bytes) => Buffer.from(bytes).fill(0xa5, 100, bytes.length / 2));
    const error = await failureOf(engine, sql);
    expect(error).toMatchObject({ code: 'SOURCE.CORRUPT_DATA', sourceId: 'lake' });
    expect(`${error.object} ${error.message}`).toContain('damaged.parquet');
    await expectRecovered();
  });

  it('deleted after planning', async () => {
    await copyWith((bytes) => bytes);
    await answer(engine, sql);
    await rm(path());
    expect(await failureOf(engine, sql)).toMatchObject({ code: 'SQL.UNKNOWN_TABLE' });
    await expectRecovered();
  });

  it('one of several deleted after planning: the others are the table now', async () => {
    await mkdir(join(lake(), 'parts'));
    const part = (name: string): string => join(lake(), 'parts', name);
    for (const name of ['a.parquet', 'b.parquet']) {
      await duckdb.run(`COPY (SELECT '${name}' AS name) TO '${part(name)}'`);
    }
    const parts = `SELECT name FROM parts WHERE name <> ''`;
    expect((await answer(engine, parts)).rows).toHaveLength(2);
    await rm(part('a.parquet'));
    expect((await answer(engine, parts)).rows).toEqual([["'b.parquet'"]]);
    await rm(join(lake(), 'parts'), { recursive: true });
    await expectRecovered();
  });
});

describe('the spill directory is full', () => {
  it('while rows of a source are staged', async () => {
    await engine.close();
    engine = await open({ spillQuota: '2MB' });
    const error = await failureOf(engine, acrossBoth, { pushdown: 'off' });
    expect(error.code).toBe('RESOURCE.SPILL_FULL');
    await expectRecovered();
  });

  it('while DuckDB spills', async () => {
    await engine.close();
    engine = await open({ spillQuota: '20MB', memoryLimit: '60MB', threads: 1 });
    const error = await failureOf(
      engine,
      `SELECT max(a.text || b.text) FROM (SELECT text, row_number() OVER (ORDER BY text || 'x') AS n FROM facts, range(20)) a JOIN facts b ON b.id = a.n`,
    );
    expect(['RESOURCE.SPILL_FULL', 'RESOURCE.MEMORY']).toContain(error.code);
    await expectRecovered();
  });
});

it('one source that fails ends the other', async () => {
  await writeFile(join(lake(), 'bad.parquet'), 'PAR1');
  await answer(engine, 'SELECT * FROM few');
  const started = performance.now();
  const error = await failureOf(engine, 'SELECT count(*) FROM slow JOIN bad ON bad.id = slow.id').catch(
    (other: unknown) => other,
  );
  expect(error).toMatchObject({ code: 'SOURCE.CORRUPT_DATA', sourceId: 'lake' });
  expect(performance.now() - started).toBeLessThan(5000);
  await expectRecovered();
});
