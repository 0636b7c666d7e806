import { mkdtemp, open, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, TributaryError, createEngine } from '@tributary/core';
import { fileBytes } from '@tributary/store-testkit';
import { openPlainDuckDB } from '@tributary/testbed';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type LakeOptions, createLakeSource } from '../src/index.js';
import { MemoryS3 } from './support/memory-s3.js';

let s3: MemoryS3;
let cache: string;
beforeEach(async () => {
  s3 = await MemoryS3.start();
  cache = await mkdtemp(join(tmpdir(), 'lake-cache-'));
});
afterEach(async () => {
  await s3[Symbol.asyncDispose]();
  await rm(cache, { recursive: true, force: true });
});

function engineOver(options: Partial<LakeOptions> = {}): Promise<Engine> {
  const source = createLakeSource('far', {
    root: `s3://${s3.bucket}`,
    s3: { endpoint: s3.endpoint, accessKeyId: s3.accessKeyId, secretAccessKey: s3.secretAccessKey },
    cache: { directory: cache },
    ...options,
  });
  return createEngine({ sources: [source] });
}

async function rows(engine: Engine, sql: string): Promise<readonly unknown[]> {
  return (await engine.query(sql)).rows();
}

async function failure(engine: Engine, sql: string): Promise<TributaryError> {
  const error: unknown = await rows(engine, sql).catch((e: unknown) => e);
  if (error instanceof TributaryError) return error;
  throw new Error(`expected an error, got ${JSON.stringify(error)}`);
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function sizeOf(folder: string): Promise<number> {
  const sizes = await Promise.all((await filesBelow(folder)).map(async (path) => (await stat(path)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** A byte in the middle of every Parquet file. */
async function damageFiles(folder: string): Promise<void> {
  for (const path of await filesBelow(folder)) {
    if (!path.endsWith('.parquet')) continue;
    await using file = await open(path, 'r+');
    await file.write(Buffer.from([0xff, 0x13]), 0, 2, Math.floor((await file.stat()).size / 2));
  }
}

const wide = `SELECT i, i * 2 AS twice, repeat('x', 40) || i AS text, hash(i) AS noise FROM range(20000) t(i)`;
const sum = `SELECT sum(twice)::BIGINT AS s, count(text) AS n FROM far.t WHERE i >= 10000`;
const answer = [{ s: 299_990_000n, n: 10_000n }];

describe('a file that is not as it was written', () => {
  test('a damaged page names the object', async () => {
    const bytes = await fileBytes(wide);
    for (let at = 100; at < bytes.length - 20_000; at += 97) bytes.writeUInt32LE(0xff_77_13_ff, at);
    s3.put('t.parquet', bytes);
    await using engine = await engineOver();
    const error = await failure(engine, 'SELECT count(DISTINCT text) FROM far.t');
    expect(error).toMatchObject({ code: 'SOURCE.CORRUPT_DATA', sourceId: 'far' });
    expect(error.object).toBe(`s3://${s3.bucket}/t.parquet`);
  });

  test('a file that is cut short', async () => {
    const bytes = await fileBytes(wide);
    s3.put('t.parquet', bytes.subarray(0, bytes.length - 100));
    await using engine = await engineOver();
    expect(await failure(engine, sum)).toMatchObject({ code: 'SOURCE.CORRUPT_DATA' });
  });
});

describe('only the bytes that matter', () => {
  test('footers answer a count, a second run fetches nothing, and columns add up', async () => {
    s3.put('t.parquet', await fileBytes(wide));
    await using engine = await engineOver();
    expect(await rows(engine, 'SELECT count(*) AS n FROM far.t')).toEqual([{ n: 20_000n }]);
    expect(s3.requests.filter(({ kind }) => kind === 'get')).toHaveLength(1);
    const footer = s3.bodyBytes;
    expect(footer).toBe(64 * 1024);

    s3.forget();
    expect(await rows(engine, sum)).toEqual(answer);
    const cold = s3.bodyBytes;
    expect(cold).toBeGreaterThan(0);
    // Of four columns, half of the rows of three; the text is the largest.
    expect(cold).toBeLessThan(s3.get('t.parquet').length * 0.4);

    s3.forget();
    expect(await rows(engine, sum)).toEqual(answer);
    expect(s3.bodyBytes).toBe(0);

    // One more column: the chunks that are at hand are not fetched again.
    await rows(engine, 'SELECT max(i), max(twice), max(text), max(noise) FROM far.t WHERE i >= 10000');
    expect(s3.bodyBytes).toBeLessThan(s3.get('t.parquet').length / 2);
  });

  test('another process finds what was fetched; what was damaged since is fetched again', async () => {
    s3.put('t.parquet', await fileBytes(wide));
    await using engine = await engineOver();
    await rows(engine, sum);
    await engine.close();
    s3.forget();
    await using second = await engineOver();
    expect(await rows(second, sum)).toEqual(answer);
    expect(s3.bodyBytes).toBe(0);

    await second.close();
    await damageFiles(cache);
    s3.forget();
    await using third = await engineOver();
    expect(await rows(third, sum)).toEqual(answer);
    expect(s3.bodyBytes).toBeGreaterThan(64 * 1024);
  });

  test('a cache that is full forgets what was used longest ago', async () => {
    const bytes = await fileBytes(wide);
    for (const name of ['a', 'b', 'c']) s3.put(`${name}.parquet`, bytes);
    await using engine = await engineOver({ cache: { directory: cache, maxBytes: bytes.length * 2.5 } });
    // Footers alone would tell minima and maxima.
    const sql = (name: string): string => `SELECT count(DISTINCT (i, twice, text, noise)) FROM far.${name}`;
    for (const name of ['a', 'b', 'c', 'c', 'b']) await rows(engine, sql(name));
    s3.forget();
    await rows(engine, sql('b'));
    await rows(engine, sql('c'));
    expect(s3.bodyBytes).toBe(0);
    await rows(engine, sql('a'));
    expect(s3.bodyBytes).toBeGreaterThan(bytes.length / 2);
    expect(await sizeOf(cache)).toBeLessThan(bytes.length * 3);
  });

  test('partitions that cannot match are not asked for, and a limit ends early', async () => {
    for (const year of [2023, 2024, 2025]) {
      s3.put(`events/year=${year}/a.parquet`, await fileBytes(wide));
    }
    await using engine = await engineOver();
    await rows(engine, 'SELECT count(*) FROM far.events');
    s3.forget();
    await rows(engine, 'SELECT max(twice) FROM far.events WHERE year = 2024');
    const keys = new Set(s3.requests.filter(({ kind }) => kind === 'get').map(({ key }) => key));
    expect(keys).toEqual(new Set(['events/year=2024/a.parquet']));

    s3.forget();
    expect(await rows(engine, 'SELECT text FROM far.events LIMIT 5')).toHaveLength(5);
    expect(s3.bodyBytes).toBeLessThan(s3.get('events/year=2023/a.parquet').length / 10);

    s3.forget();
    expect(
      await rows(engine, 'SELECT year, count(*) AS n FROM far.events GROUP BY year ORDER BY year'),
    ).toEqual([2023n, 2024n, 2025n].map((year) => ({ year, n: 20_000n })));
    expect(s3.bodyBytes).toBe(0);
  });

  test('Bloom filters drop row groups that bounds cannot, for constants and for keys', async () => {
    const codes = `SELECT i, ((i % 97) * 2 + (i // 2048) % 2)::INTEGER AS n, 'c' || ((i % 97) * 2 + (i // 2048) % 2) AS code,
      hash(i) AS noise, hash(i + 1) AS more FROM range(20480) t(i)`;
    s3.put('t.parquet', await fileBytes(codes));
    await using engine = await engineOver();
    await rows(engine, 'SELECT count(*) FROM far.t');
    await using plain = await openPlainDuckDB();
    for (const filter of [`code = 'c7'`, 'n = 7', `code IN ('c7', 'c9')`, 'n IN (7, 1000)']) {
      s3.forget();
      const sql = (table: string): string =>
        `SELECT concat_ws(' ', count(*), sum(i), max(noise), max(more)) AS everything FROM ${table} WHERE ${filter}`;
      const expected = await plain.query(sql(`(${codes})`));
      expect(await rows(engine, sql('far.t'))).toEqual([
        { everything: String(expected.rows[0]?.[0]).slice(1, -1) },
      ]);
      expect(s3.bodyBytes).toBeLessThan(s3.get('t.parquet').length * 0.7);
    }
  });

  test('a listing of 20,000 objects comes in pages', async () => {
    const one = await fileBytes('SELECT 1 AS a');
    for (let n = 0; n < 20_000; n += 1) s3.put(`many/${n}.txt`, Buffer.alloc(0));
    s3.put('many/x.parquet', one);
    await using engine = await engineOver({ tables: { many: { path: 'many' } } });
    expect(await rows(engine, 'SELECT a FROM far.many')).toEqual([{ a: 1 }]);
    expect(s3.requests.filter(({ kind }) => kind === 'list').length).toBeGreaterThan(20);
    await using narrow = await engineOver({ tables: { many: { path: 'many' } }, maxFiles: 5000 });
    expect(await failure(narrow, 'SELECT a FROM far.many')).toMatchObject({ code: 'CONFIG.INVALID' });
  });

  test('a table is found without a listing of all there is, by whatever spelling it has', async () => {
    const one = await fileBytes('SELECT 1 AS a');
    for (let n = 0; n < 5000; n += 1) s3.put(`other/${n}.txt`, Buffer.alloc(0));
    s3.put('t.parquet', one);
    s3.put('shop/Sales/x.parquet', one);
    const lists = (): number => s3.requests.filter(({ kind }) => kind === 'list').length;
    for (const name of ['t', 'shop."Sales"']) {
      await using engine = await engineOver();
      s3.forget();
      expect(await rows(engine, `SELECT a FROM far.${name}`)).toEqual([{ a: 1 }]);
      expect(lists(), name).toBe(1);
    }
    await using engine = await engineOver();
    expect(await rows(engine, 'SELECT a FROM far.T JOIN far.shop.sales USING (a)')).toEqual([{ a: 1 }]);
    s3.put('t/x.parquet', one);
    await using another = await engineOver();
    expect(await failure(another, 'SELECT a FROM far.t')).toMatchObject({ code: 'SQL.AMBIGUOUS_TABLE' });
    expect(await failure(another, 'SELECT a FROM far.u')).toMatchObject({ code: 'SQL.UNKNOWN_TABLE' });
  });

  test('without a cache, nothing stays', async () => {
    s3.put('t.parquet', await fileBytes(wide));
    await using engine = await engineOver({ cache: false });
    expect(await rows(engine, sum)).toEqual(answer);
    s3.forget();
    expect(await rows(engine, sum)).toEqual(answer);
    expect(s3.bodyBytes).toBeGreaterThan(0);
  });
});
