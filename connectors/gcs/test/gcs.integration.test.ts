import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { Storage } from '@google-cloud/storage';
import { answer } from '@tributary/connector-testkit/generate';
import { type Engine, TributaryError, createEngine } from '@tributary/core';
import {
  type FakeGcsServer,
  type PlainDuckDB,
  compareRows,
  openPlainDuckDB,
  startFakeGcs,
  tpchParquet,
  tpchQuery,
  tpchTableNames,
} from '@tributary/testbed';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { FaultyProxy } from '../../../packages/store-gcs/test/support/faulty-proxy.js';
import { fileBytes } from '../../duckdb-s3/test/support/parquet-bytes.js';
import { type GcsSourceOptions, createGcsSource, gcs } from '../src/index.js';

let server: FakeGcsServer;
let proxy: FaultyProxy;
let cache: string;
let plain: PlainDuckDB;
beforeAll(async () => {
  server = await startFakeGcs();
  proxy = await FaultyProxy.before(server.endpoint);
  cache = await mkdtemp(join(tmpdir(), 'lake-cache-'));
  const folder = await tpchParquet(0.01);
  plain = await openPlainDuckDB(folder);
  for (const table of tpchTableNames) {
    await server.putObject(`tpch/${table}.parquet`, await readFile(join(folder, `${table}.parquet`)));
  }
});
afterEach(() => proxy.forget());
afterAll(async () => {
  await plain[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await rm(cache, { recursive: true, force: true });
});

function engineOver(folder: string, options: Partial<GcsSourceOptions> = {}): Promise<Engine> {
  const source = createGcsSource('far', {
    root: `gs://${server.bucket}/${folder}`,
    gcs: { endpoint: proxy.endpoint },
    cache: { directory: cache },
    ...options,
  });
  return createEngine({ sources: [source] });
}

async function rows(engine: Engine, sql: string): Promise<readonly unknown[]> {
  return (await engine.query(sql)).rows();
}

async function failure(engine: Engine, sql: string): Promise<TributaryError> {
  const error: unknown = await rows(engine, sql).catch((reason: unknown) => reason);
  if (error instanceof TributaryError) return error;
  throw new Error(`expected an error, got ${inspect(error)}`);
}

describe('what lies in a bucket', () => {
  test('TPC-H queries agree with plain DuckDB over the files, and a second run fetches nothing', async () => {
    await using engine = await engineOver('tpch');
    const numbers = [1, 3, 5, 18] as const;
    for (const number of numbers) {
      const sql = await tpchQuery(number);
      const expected = await plain.query(sql);
      const { rows: found } = await answer(engine, sql);
      expect(compareRows(found, expected.rows, { ordered: true }), `q${number}`).toBeUndefined();
    }
    expect(proxy.bytes).toBeGreaterThan(0);
    proxy.forget();
    for (const number of numbers) await answer(engine, await tpchQuery(number));
    expect(proxy.bytes).toBe(0);
  });

  test('Hive folders and text that the store would decompress are tables, pushed or not', async () => {
    for (const year of [2024, 2025]) {
      await server.putObject(
        `mixed/events/year=${year}/kind=a%20b/x.parquet`,
        await fileBytes(`SELECT ${year} * 10 AS n`),
      );
    }
    const lines = await fileBytes('SELECT i, i || $$ x$$ AS t FROM range(3000) r(i)', 'FORMAT csv, HEADER');
    const storage = new Storage({ apiEndpoint: server.endpoint, projectId: server.projectId });
    await storage
      .bucket(server.bucket)
      .file('mixed/lines.csv.gz')
      .save(gzipSync(lines), { resumable: false, metadata: { contentEncoding: 'gzip' } });
    await server.putObject('mixed/odd + name [1]%&=é.parquet', await fileBytes('SELECT 42 AS n'));
    await using engine = await engineOver('mixed');
    const all = async (sql: string): Promise<unknown> => {
      const pushed = await answer(engine, sql, { pushdown: 'auto' });
      const unpushed = await answer(engine, sql, { pushdown: 'off' });
      expect(compareRows(pushed.rows, unpushed.rows)).toBeUndefined();
      return pushed.rows;
    };
    expect(await all('SELECT n, year, kind FROM far.events WHERE year = 2025')).toEqual([
      ['20250', '2025', `'a b'`],
    ]);
    expect(await all(`SELECT count(*), max(i) FROM far.lines WHERE t LIKE '%9 x'`)).toEqual([
      ['300', '2999'],
    ]);
    expect(await all('SELECT n FROM far."odd + name [1]%&=é"')).toEqual([['42']]);
  });
});

const wide = `SELECT i, i * 2 AS twice, repeat('x', 40) || i AS text, hash(i) AS noise FROM range(20000) t(i)`;
const sum = 'SELECT sum(twice)::BIGINT AS s, count(text) AS n FROM far.t WHERE i >= 10000';

describe('what goes wrong', () => {
  test('in passing is tried again, and the answer is right', async () => {
    await server.putObject('faults/t.parquet', await fileBytes(wide));
    await using engine = await engineOver('faults', { requestTimeoutMs: 5000 });
    proxy.fault = () => (proxy.requests.length % 2 === 1 ? { kind: 'reset' } : undefined);
    expect(await rows(engine, sum)).toEqual([{ s: 299_990_000n, n: 10_000n }]);
    expect(proxy.requests.length).toBeGreaterThan(3);
  });

  test('an object replaced between footer and data is no mixture', async () => {
    await server.putObject('replaced/t.parquet', await fileBytes(wide));
    await using engine = await engineOver('replaced');
    await rows(engine, 'SELECT count(*) FROM far.t');
    const other = await fileBytes(wide.replace('i * 2', 'i * 3'));
    // The listing has been answered: what the data request finds is another object.
    let replaced: Promise<void> | undefined;
    proxy.fault = async ({ url }) => {
      if (url?.includes('alt=media') === true) {
        await (replaced ??= server.putObject('replaced/t.parquet', other));
      }
      return undefined;
    };
    expect(await failure(engine, sum)).toMatchObject({
      code: 'SOURCE.CHANGED_OBJECT',
      retryable: true,
      object: `gs://${server.bucket}/replaced/t.parquet`,
    });
    proxy.forget();
    expect(await rows(engine, sum)).toEqual([{ s: 449_985_000n, n: 10_000n }]);
  });

  test('a bucket that is not there is named', async () => {
    await using engine = await engineOver('', { root: 'gs://nowhere/at/all' });
    expect(await failure(engine, 'SELECT * FROM far.t')).toMatchObject({
      code: 'SOURCE.MISSING_OBJECT',
      message: expect.stringContaining('gs://nowhere/at/all'),
    });
  });
});

describe('options', () => {
  const issuesOf = async (options: object): Promise<readonly string[]> => {
    const { issues } = await gcs.configSchema['~standard'].validate(options);
    return (issues ?? []).map(({ message }) => message);
  };

  test('a root of another kind and two ways to ask are refused', async () => {
    expect(await issuesOf({ root: 'gs://bucket/prefix', gcs: { anonymous: true } })).toEqual([]);
    expect(await issuesOf({ root: 's3://bucket' })).toEqual(['not of the form gs://bucket/prefix']);
    const two = { keyFilename: 'key.json', anonymous: true };
    expect(await issuesOf({ root: 'gs://bucket', gcs: two })).toHaveLength(1);
  });

  test('a key file is looked for beside the configuration', async () => {
    await using engine = await engineOver('tpch', {
      baseDirectory: cache,
      gcs: { endpoint: proxy.endpoint, keyFilename: 'key.json' },
    });
    expect(await failure(engine, 'SELECT * FROM far.region')).toMatchObject({
      code: 'SOURCE.AUTHENTICATION',
      message: expect.stringContaining(join(cache, 'key.json')),
    });
  });
});
