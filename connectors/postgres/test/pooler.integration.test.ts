import { TributaryError } from '@tributary/contract/errors';
import { TestQuery } from '@tributary/connector-testkit/dialect';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { planOf, rowsIn, rowsOf, scan } from './support/run.js';
import { TestServer, until } from './support/server.js';
import { SessionPooler } from './support/session-pooler.js';

let db: TestServer;
let pooler: SessionPooler;

beforeAll(async () => {
  db = await TestServer.open(`
    CREATE TABLE numbers AS SELECT g::bigint AS id FROM generate_series(1, 300000) g;
    CREATE TABLE moments AS SELECT timestamptz '2020-01-01 00:00:00+00' AS at, interval '1 day' AS for;
    CREATE VIEW shown AS SELECT at::text AS at, "for"::text AS "for" FROM moments;
    CREATE VIEW slow AS SELECT g AS id FROM generate_series(1, 1000) g WHERE pg_sleep(0.05) IS NOT NULL;
    ANALYZE;`);
  await db.admin.query(
    `ALTER ROLE postgres SET TimeZone = 'Asia/Tokyo'; ALTER ROLE postgres SET IntervalStyle = 'iso_8601'`,
  );
  pooler = await SessionPooler.open(db.server);
});

afterAll(async () => {
  await pooler?.[Symbol.asyncDispose]();
  await db?.[Symbol.asyncDispose]();
});

test('a pooler that nobody has said anything about is refused, and left as it was', async () => {
  const source = db.source({ port: pooler.port });
  const error: unknown = await source
    .listTables({ signal: new AbortController().signal })
    .catch((raised: unknown) => raised);
  if (!(error instanceof TributaryError)) throw new Error('it was not refused');
  expect(error).toMatchObject({ code: 'CONFIG.INVALID', retryable: false });
  expect(error.message).toContain('pg.pooler');
  expect(error.fix).toContain('session');
});

test('so is one that tells no backend’s number, until something is said', async () => {
  await using secretive = await SessionPooler.open(db.server);
  secretive.isSecretive = true;
  const { signal } = new AbortController();
  const error: unknown = await db
    .source({ port: secretive.port })
    .listTables({ signal })
    .catch((raised: unknown) => raised);
  if (!(error instanceof TributaryError)) throw new Error('it was not refused');
  expect(error).toMatchObject({ code: 'CONFIG.INVALID', retryable: false });
  expect(error.message).toMatch(/pg\.pooler.*number/);
  expect(error.fix).toContain('pooler: session');
  const said = db.source({ port: secretive.port, pooler: 'session' });
  expect((await said.listTables({ signal })).length).toBeGreaterThan(0);
});

test('a pooler of sessions gives the same rows, in the same snapshot and settings', async () => {
  const source = db.source({ port: pooler.port, pooler: 'session', minSplitRows: 1000 });
  await using query = await TestQuery.open(2);
  const plan = planOf(source, await scan(source, 'numbers'), 300_000);
  expect(await rowsIn(query, source, plan)).toHaveLength(300_000);
  await db.admin.query('INSERT INTO numbers VALUES (0)');
  expect(await rowsIn(query, source, plan, { prefer: 'batches' })).toHaveLength(300_000);
  expect(await rowsOf(source, await scan(source, 'shown'))).toEqual([
    ["'2020-01-01 00:00:00+00'", "'1 day'"],
  ]);
});

test('a statement is cancelled through it', async () => {
  const source = db.source({ port: pooler.port, pooler: 'session' });
  await using query = await TestQuery.open();
  const run = rowsIn(query, source, planOf(source, await scan(source, 'slow'))).catch(
    (raised: unknown) => raised,
  );
  await until(async () => (await db.sessions('active')) === 1, 5_000);
  query.controller.abort(new TributaryError('QUERY.CANCELLED', { message: 'The caller cancelled.' }));
  expect(await until(async () => (await db.sessions('active')) === 0, 5_000)).toBeLessThan(1_000);
  expect(await run).toMatchObject({ code: 'QUERY.CANCELLED' });
});

test('a cancel that comes to nothing is sent again', async () => {
  const source = db.source({ port: pooler.port, pooler: 'session' });
  await using query = await TestQuery.open();
  const run = rowsIn(query, source, planOf(source, await scan(source, 'slow'))).catch(
    (raised: unknown) => raised,
  );
  await until(async () => (await db.sessions('active')) === 1, 5_000);
  pooler.cancelsToForget = 1;
  query.controller.abort(new TributaryError('QUERY.CANCELLED', { message: 'The caller cancelled.' }));
  expect(await until(async () => (await db.sessions('active')) === 0, 5_000)).toBeLessThan(3_000);
  expect(pooler.cancelsToForget).toBe(0);
  expect(await run).toMatchObject({ code: 'QUERY.CANCELLED' });
});

test('one that says nothing more after the login is given up, and its permit is given back', async () => {
  await using mute = await SessionPooler.open(db.server);
  mute.isMute = true;
  const source = db.source({ port: mute.port, pooler: 'session', poolSize: 2, connectTimeoutMs: 300 });
  const { signal } = new AbortController();
  for (let i = 0; i < 3; i += 1) {
    const error: unknown = await source.listTables({ signal }).catch((raised: unknown) => raised);
    expect(error).toMatchObject({ code: 'SOURCE.UNREACHABLE', retryable: true });
  }
  mute.isMute = false;
  expect((await source.listTables({ signal })).length).toBeGreaterThan(0);
});

test('whoever leaves while it says nothing gives his permit back at once', async () => {
  await using mute = await SessionPooler.open(db.server);
  mute.isMute = true;
  const applicationName = 'leaving';
  const options = { port: mute.port, pooler: 'session', poolSize: 2, applicationName } as const;
  const source = db.source({ ...options, connectTimeoutMs: 30_000 });
  const sessions = async (): Promise<number | null> => {
    const { rowCount } = await db.admin.query('SELECT FROM pg_stat_activity WHERE application_name = $1', [
      applicationName,
    ]);
    return rowCount;
  };
  const leaving = new AbortController();
  const listings = [source.listTables(leaving), source.listTables(leaving)].map((listing) =>
    listing.catch((raised: unknown) => raised),
  );
  await until(async () => (await sessions()) === 2, 5_000);
  leaving.abort(new TributaryError('QUERY.CANCELLED', { message: 'The caller cancelled.' }));
  for (const error of await Promise.all(listings)) expect(error).toMatchObject({ code: 'QUERY.CANCELLED' });
  mute.isMute = false;
  const { signal } = new AbortController();
  expect((await source.listTables({ signal })).length).toBeGreaterThan(0);
  await until(async () => (await sessions()) === 1, 5_000);
}, 10_000);

test('a session is pinned by the server’s own functions, whatever its role looks up first', async () => {
  await db.admin.query(`
    CREATE SCHEMA own;
    CREATE FUNCTION own.set_config(text, text, boolean) RETURNS text LANGUAGE sql AS 'SELECT $2';
    CREATE FUNCTION own.differs(int, int) RETURNS boolean LANGUAGE sql AS 'SELECT false';
    CREATE OPERATOR own.= (LEFTARG = int, RIGHTARG = int, FUNCTION = own.differs);
    CREATE DOMAIN own.int4 AS int CHECK (VALUE OPERATOR(pg_catalog.<) 0);
    ALTER ROLE postgres SET search_path = own, pg_catalog, public`);
  const source = db.source();
  expect(await rowsOf(source, await scan(source, 'shown'))).toEqual([
    ["'2020-01-01 00:00:00+00'", "'1 day'"],
  ]);
});
