import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answer } from '@tributary/connector-testkit/generate';
import { type Engine, createEngine } from '@tributary/core';
import { behindProxy, describeStoreTables, fileBytes, s3Protocol } from '@tributary/store-testkit';
import {
  type PlainDuckDB,
  compareRows,
  openPlainDuckDB,
  startS3,
  tpchParquet,
  tpchQueryNumbers,
} from '@tributary/testbed';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type LakeOptions, createLakeSource } from '../src/index.js';
import { chunkBytes } from './support/chunk-bytes.js';

const { server, proxy } = await behindProxy(startS3, s3Protocol, afterAll);
const { accessKeyId, secretAccessKey } = server;
const s3 = { endpoint: proxy.endpoint, accessKeyId, secretAccessKey };
describeStoreTables({
  test,
  server,
  proxy,
  createSource: (sourceId, { bucket, folder, ...options }) =>
    createLakeSource(sourceId, { root: `s3://${bucket}/${folder}`, s3, ...options }),
  root: `s3://${server.bucket}`,
  tpch: tpchQueryNumbers,
  refusals: [
    ['expired credentials', { kind: 'error', status: 400, code: 'ExpiredToken' }, 'SOURCE.AUTHENTICATION'],
    ['a denied object', { kind: 'error', status: 403, code: 'AccessDenied' }, 'SOURCE.PERMISSION'],
    ['an object that goes', { kind: 'error', status: 404, code: 'NoSuchKey' }, 'SOURCE.MISSING_OBJECT'],
  ],
  secrets: [secretAccessKey],
});

describe('bytes that the server sends', () => {
  let folder: string;
  let file: string;
  let plain: PlainDuckDB;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lake-'));
    file = join(folder, 'lineitem.parquet');
    plain = await openPlainDuckDB(await tpchParquet(0.01));
    await plain.run(
      `COPY (FROM lineitem ORDER BY l_orderkey) TO '${file}' (FORMAT parquet, ROW_GROUP_SIZE 6144)`,
    );
    await server.putObject('sorted/lineitem.parquet', await readFile(file));
  });
  beforeEach(() => proxy.forget());
  afterAll(async () => {
    await plain[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  function open(): Promise<Engine> {
    const root = `s3://${server.bucket}/sorted`;
    return createEngine({ sources: [createLakeSource('far', { root, s3, cache: false })] });
  }

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
    await using engine = await open();
    await answer(engine, 'SELECT count(*) FROM lineitem');
    proxy.forget();
    const { rows } = await answer(engine, sql);
    expect(compareRows(rows, (await plain.query(sql)).rows)).toBeUndefined();
    const wanted = await chunkBytes(plain, file, columns, groups);
    expect(proxy.bytes).toBeLessThanOrEqual(wanted * 1.1);
  });

  test('explain tells them', async () => {
    await using engine = await open();
    const plan = await engine.explain('SELECT sum(l_quantity) FROM lineitem WHERE l_orderkey < 5000');
    expect(JSON.stringify(plan)).toMatch(/files 1 of 1, row groups 1 of 10, 0\.\d+ of \d\.\d MB/);
  });

  test('keys of another table drop row groups', async () => {
    const keys = 'SELECT unnest([3, 5, 7])::BIGINT AS key';
    await server.putObject('sorted/keys.parquet', await fileBytes(keys));
    await plain.run(`CREATE VIEW keys AS ${keys}`);
    await using engine = await open();
    await answer(engine, 'SELECT count(*) FROM lineitem, keys');
    proxy.forget();
    const sql = 'SELECT sum(l_quantity) FROM lineitem JOIN keys ON l_orderkey = key';
    expect(compareRows((await answer(engine, sql)).rows, (await plain.query(sql)).rows)).toBeUndefined();
    const wanted = await chunkBytes(plain, file, ['l_orderkey', 'l_quantity'], [0]);
    expect(proxy.bytes).toBeLessThanOrEqual(wanted * 1.1 + 200);
  });
});

test('wrong keys and no bucket are errors that say so', async () => {
  await server.putObject('healthy/t.parquet', await fileBytes('SELECT 1 AS n'));
  const health = async (options: Partial<LakeOptions>): Promise<unknown> => {
    const root = `s3://${server.bucket}/healthy`;
    const source = createLakeSource('far', { root, s3, cache: false, ...options });
    const signal = new AbortController().signal;
    const { healthy, findings } = await source.checkHealth({ signal });
    await source.close();
    return { healthy, findings: findings.map(({ message }) => message).join() };
  };
  expect(await health({})).toEqual({ healthy: true, findings: expect.stringMatching(/^1 table, 1 file/) });
  expect(await health({ s3: { ...s3, accessKeyId: 'wrong' } })).toMatchObject({ healthy: false });
  expect(await health({ root: 's3://nowhere' })).toMatchObject({
    healthy: false,
    findings: expect.stringContaining('s3://nowhere'),
  });
});
