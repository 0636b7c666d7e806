import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answer } from '@tributary/connector-testkit/generate';
import { type Engine, createEngine } from '@tributary/core';
import {
  type PlainDuckDB,
  type S3Server,
  compareRows,
  openPlainDuckDB,
  startS3,
  tpchParquet,
  tpchQuery,
  tpchQueryNumbers,
  tpchTableNames,
} from '@tributary/testbed';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LakeOptions, createLakeSource } from '../src/index.js';
import { CountingProxy } from './support/counting-proxy.js';
import { fileBytes } from './support/parquet-bytes.js';
import { chunkBytes } from './support/chunk-bytes.js';

let server: S3Server;
let proxy: CountingProxy;
let cache: string;
let folder: string;
let plain: PlainDuckDB;
beforeAll(async () => {
  server = await startS3();
  proxy = await CountingProxy.before(server.endpoint);
  cache = await mkdtemp(join(tmpdir(), 'lake-cache-'));
  folder = await tpchParquet(0.01);
  plain = await openPlainDuckDB(folder);
  for (const table of tpchTableNames)
    await server.putObject(`tpch/${table}.parquet`, await readFile(join(folder, `${table}.parquet`)));
});
afterAll(async () => {
  await plain[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await rm(cache, { recursive: true, force: true });
});

function engineOver(prefix: string, options: Partial<LakeOptions> = {}): Promise<Engine> {
  const { accessKeyId, secretAccessKey } = server;
  const source = createLakeSource('far', {
    root: `s3://lake/${prefix}`,
    s3: { endpoint: proxy.endpoint, accessKeyId, secretAccessKey },
    cache: { directory: cache },
    ...options,
  });
  return createEngine({ sources: [source] });
}

describe('TPC-H in a bucket', () => {
  test('22 of 22 agree with plain DuckDB over the files, and a second run fetches nothing', async () => {
    await using engine = await engineOver('tpch');
    for (const number of tpchQueryNumbers) {
      const sql = await tpchQuery(number);
      const expected = await plain.query(sql);
      const { rows } = await answer(engine, sql);
      expect(
        compareRows(rows, expected.rows, { ordered: /order by/i.test(sql) }),
        `q${number}`,
      ).toBeUndefined();
    }
    proxy.forget();
    for (const number of tpchQueryNumbers) await answer(engine, await tpchQuery(number));
    expect(proxy.bytes).toBe(0);
  });
});

describe('bytes that the server sends', () => {
  let file: string;
  beforeAll(async () => {
    file = join(cache, 'lineitem.parquet');
    await plain.run(
      `COPY (FROM lineitem ORDER BY l_orderkey) TO '${file}' (FORMAT parquet, ROW_GROUP_SIZE 6144)`,
    );
    await server.putObject('sorted/lineitem.parquet', await readFile(file));
  });

  test.each<{
    readonly sql: string;
    readonly columns: readonly string[];
    readonly groups?: readonly number[];
  }>([
    { sql: 'SELECT sum(l_quantity) FROM lineitem', columns: ['l_quantity'] },
    {
      sql: 'SELECT sum(l_extendedprice * l_discount) FROM lineitem',
      columns: ['l_extendedprice', 'l_discount'],
    },
    {
      sql: 'SELECT l_returnflag, l_linestatus, count(*) FROM lineitem GROUP BY ALL',
      columns: ['l_returnflag', 'l_linestatus'],
    },
    { sql: 'SELECT max(l_comment) FROM lineitem', columns: ['l_comment'] },
    {
      sql: 'SELECT min(l_shipdate), max(l_receiptdate) FROM lineitem',
      columns: ['l_shipdate', 'l_receiptdate'],
    },
    { sql: 'SELECT count(*) FROM lineitem', columns: [] },
    { sql: 'SELECT count(l_tax) FROM lineitem', columns: ['l_tax'] },
    { sql: `SELECT count(*) FROM lineitem WHERE l_shipmode = 'AIR'`, columns: ['l_shipmode'] },
    {
      sql: 'SELECT sum(l_quantity) FROM lineitem WHERE l_orderkey < 5000',
      columns: ['l_orderkey', 'l_quantity'],
      groups: [0],
    },
    {
      sql: 'SELECT count(l_comment) FROM (SELECT l_comment FROM lineitem LIMIT 10)',
      columns: ['l_comment'],
      groups: [0],
    },
    {
      sql: 'SELECT max(l_shipinstruct) FROM lineitem WHERE l_orderkey > 59000',
      columns: ['l_orderkey', 'l_shipinstruct'],
      groups: [9],
    },
  ])('$sql', async ({ sql, columns, groups }) => {
    await using engine = await engineOver('sorted', { cache: false });
    await answer(engine, 'SELECT count(*) FROM lineitem');
    proxy.forget();
    const { rows } = await answer(engine, sql);
    expect(compareRows(rows, (await plain.query(sql)).rows)).toBeUndefined();
    const wanted = await chunkBytes(plain, file, columns, groups);
    expect(proxy.bytes).toBeLessThanOrEqual(wanted * 1.1);
  });

  test('explain tells them', async () => {
    await using engine = await engineOver('sorted');
    const plan = await engine.explain('SELECT sum(l_quantity) FROM lineitem WHERE l_orderkey < 5000');
    expect(JSON.stringify(plan)).toMatch(/files 1 of 1, row groups 1 of 10, 0\.\d+ of \d\.\d MB/);
  });

  test('keys of another table drop row groups', async () => {
    const keys = 'SELECT unnest([3, 5, 7])::BIGINT AS key';
    await server.putObject('sorted/keys.parquet', await fileBytes(keys));
    await plain.run(`CREATE VIEW keys AS ${keys}`);
    await using engine = await engineOver('sorted', { cache: false });
    await answer(engine, 'SELECT count(*) FROM lineitem, keys');
    proxy.forget();
    const sql = 'SELECT sum(l_quantity) FROM lineitem JOIN keys ON l_orderkey = key';
    expect(compareRows((await answer(engine, sql)).rows, (await plain.query(sql)).rows)).toBeUndefined();
    const wanted = await chunkBytes(plain, file, ['l_orderkey', 'l_quantity'], [0]);
    expect(proxy.bytes).toBeLessThanOrEqual(wanted * 1.1 + 200);
  });
});

describe('what lies in a bucket', () => {
  test('Hive folders, text, compressed text and hostile names are tables, pushed or not', async () => {
    for (const year of [2024, 2025]) {
      await server.putObject(
        `mixed/events/year=${year}/kind=a%20b/x.parquet`,
        await fileBytes(`SELECT ${year} * 10 AS n`),
      );
    }
    await server.putObject(
      'mixed/lines.csv.gz',
      await fileBytes(
        'SELECT i, i || $$ x$$ AS t FROM range(3000) r(i)',
        'FORMAT csv, HEADER, COMPRESSION gzip',
      ),
    );
    await server.putObject(
      'mixed/docs.ndjson.zst',
      await fileBytes('SELECT i AS id FROM range(500) r(i)', 'FORMAT json, COMPRESSION zstd'),
    );
    await server.putObject('mixed/odd + name [1]%&=é.parquet', await fileBytes('SELECT 42 AS n'));
    await using engine = await engineOver('mixed');
    const all = async (sql: string): Promise<unknown> => {
      const pushed = await answer(engine, sql, { pushdown: 'auto' });
      const unpushed = await answer(engine, sql, { pushdown: 'off' });
      expect(compareRows(pushed.rows, unpushed.rows)).toBeUndefined();
      return pushed.rows;
    };
    expect(await all(`SELECT n, year, kind FROM far.events WHERE year = 2025`)).toEqual(
      [[20_250, 2025, `'a b'`]].map((row) =>
        row.map((cell) => (typeof cell === 'number' ? String(cell) : cell)),
      ),
    );
    expect(await all(`SELECT count(*), max(i) FROM far.lines WHERE t LIKE '%9 x'`)).toEqual([
      ['300', '2999'],
    ]);
    expect(await all(`SELECT sum(id) FROM far.docs WHERE id < 10`)).toEqual([['45']]);
    expect(await all(`SELECT n FROM far."odd + name [1]%&=é"`)).toEqual([['42']]);
  });

  test('wrong keys and no bucket are errors that say so', async () => {
    const health = async (options: Partial<LakeOptions>): Promise<unknown> => {
      const source = createLakeSource('far', { root: 's3://lake/tpch', cache: false, ...options });
      const signal = new AbortController().signal;
      const { healthy, findings } = await source.checkHealth({ signal });
      await source.close();
      return { healthy, findings: findings.map(({ message }) => message).join() };
    };
    const { accessKeyId, secretAccessKey } = server;
    const s3 = { endpoint: proxy.endpoint, accessKeyId, secretAccessKey };
    expect(await health({ s3 })).toEqual({
      healthy: true,
      findings: expect.stringMatching(/^8 tables, 8 files/),
    });
    expect(await health({ s3: { ...s3, accessKeyId: 'wrong' } })).toMatchObject({ healthy: false });
    expect(await health({ s3, root: 's3://nowhere' })).toMatchObject({
      healthy: false,
      findings: expect.stringContaining('s3://nowhere'),
    });
  });
});
