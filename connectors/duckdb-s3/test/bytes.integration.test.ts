import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answer } from '@tributary/connector-testkit/generate';
import { type Engine, createEngine } from '@tributary/core';
import { FaultyProxy, s3Protocol } from '@tributary/store-testkit';
import {
  type PlainDuckDB,
  type S3Server,
  compareRows,
  openPlainDuckDB,
  startS3,
  tpchParquet,
} from '@tributary/testbed';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLakeSource } from '../src/index.js';
import { chunkBytes } from './support/chunk-bytes.js';

const mostTimes = 1.1;

let server: S3Server;
let proxy: FaultyProxy;
let plain: PlainDuckDB;
let files: string;
beforeAll(async () => {
  server = await startS3();
  proxy = await FaultyProxy.before(server.endpoint, s3Protocol);
  files = await mkdtemp(join(tmpdir(), 'bytes-'));
  plain = await openPlainDuckDB(await tpchParquet(0.01));
  const copy = (sql: string, to: string, options: string): Promise<void> =>
    plain.run(`COPY (${sql}) TO '${join(files, to)}' (FORMAT parquet, ${options})`);
  await copy('FROM lineitem ORDER BY l_orderkey', 'lines.parquet', 'ROW_GROUP_SIZE 6144');
  await copy('FROM orders ORDER BY o_orderkey', 'sales.parquet', 'ROW_GROUP_SIZE 2048');
  await copy(
    'SELECT *, year(l_shipdate) AS year, quarter(l_shipdate) AS quarter FROM lineitem',
    'lines_by_quarter',
    'PARTITION_BY (year, quarter)',
  );
  await copy('SELECT *, year(o_orderdate) AS year FROM orders', 'sales_by_year', 'PARTITION_BY (year)');
  for (const path of await readdir(files, { recursive: true })) {
    if (path.endsWith('.parquet')) await server.putObject(path, await readFile(join(files, path)));
  }
  for (const [table, pattern] of Object.entries(patterns)) {
    await plain.run(`CREATE VIEW ${table} AS FROM read_parquet('${join(files, pattern)}')`);
  }
});
afterAll(async () => {
  await plain[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await rm(files, { recursive: true, force: true });
});

const patterns = {
  lines: 'lines.parquet',
  sales: 'sales.parquet',
  lines_by_quarter: 'lines_by_quarter/*/*/*.parquet',
  sales_by_year: 'sales_by_year/*/*.parquet',
};

interface Chunks {
  readonly path: string;
  readonly columns: readonly string[];
  /** Row groups; all when absent. */
  readonly groups?: readonly number[];
}

async function engineOver(cache: string): Promise<Engine> {
  const { accessKeyId, secretAccessKey, bucket } = server;
  const source = createLakeSource('far', {
    root: `s3://${bucket}`,
    s3: { endpoint: proxy.endpoint, accessKeyId, secretAccessKey },
    cache: { directory: cache },
  });
  return createEngine({ sources: [source] });
}

test.each<{ readonly name: string; readonly sql: string; readonly needed: readonly Chunks[] }>([
  {
    name: 'seven columns of sixteen',
    sql: `SELECT l_returnflag, l_linestatus, sum(l_quantity), sum(l_extendedprice * (1 - l_discount) * (1 + l_tax)), count(*)
      FROM lines WHERE l_shipdate <= DATE '1998-09-02' GROUP BY ALL`,
    needed: [
      {
        path: patterns.lines,
        columns: [
          'l_returnflag',
          'l_linestatus',
          'l_quantity',
          'l_extendedprice',
          'l_discount',
          'l_tax',
          'l_shipdate',
        ],
      },
    ],
  },
  {
    name: 'a filter that no bounds help',
    sql: `SELECT sum(l_extendedprice * l_discount) FROM lines WHERE l_discount BETWEEN 0.05 AND 0.07 AND l_quantity < 24`,
    needed: [{ path: patterns.lines, columns: ['l_extendedprice', 'l_discount', 'l_quantity'] }],
  },
  {
    name: 'a join',
    sql: `SELECT l_shipmode, count(*) FROM sales JOIN lines ON o_orderkey = l_orderkey
      WHERE o_orderpriority = '1-URGENT' AND l_commitdate < l_receiptdate GROUP BY ALL`,
    needed: [
      { path: patterns.sales, columns: ['o_orderkey', 'o_orderpriority'] },
      { path: patterns.lines, columns: ['l_orderkey', 'l_shipmode', 'l_commitdate', 'l_receiptdate'] },
    ],
  },
  {
    name: 'the first row group of ten',
    sql: 'SELECT sum(l_quantity), max(l_comment) FROM lines WHERE l_orderkey < 5000',
    needed: [{ path: patterns.lines, columns: ['l_orderkey', 'l_quantity', 'l_comment'], groups: [0] }],
  },
  {
    name: 'the last row group of eight',
    sql: 'SELECT max(o_comment) FROM sales WHERE o_orderkey > 59000',
    needed: [{ path: patterns.sales, columns: ['o_orderkey', 'o_comment'], groups: [7] }],
  },
  { name: 'no column', sql: 'SELECT count(*) FROM lines', needed: [] },
  {
    name: 'no column, many files',
    sql: 'SELECT year, count(*) FROM lines_by_quarter GROUP BY year',
    needed: [],
  },
  {
    name: 'one folder of 28',
    sql: 'SELECT l_shipmode, sum(l_quantity) FROM lines_by_quarter WHERE year = 1994 AND quarter = 2 GROUP BY ALL',
    needed: [
      { path: 'lines_by_quarter/year=1994/quarter=2/*.parquet', columns: ['l_shipmode', 'l_quantity'] },
    ],
  },
  {
    name: 'four folders of 28',
    sql: 'SELECT quarter, count(DISTINCT l_suppkey) FROM lines_by_quarter WHERE year = 1995 GROUP BY ALL',
    needed: [{ path: 'lines_by_quarter/year=1995/*/*.parquet', columns: ['l_suppkey'] }],
  },
  {
    name: 'a column of all 28 folders',
    sql: 'SELECT sum(length(l_comment)) FROM lines_by_quarter',
    needed: [{ path: patterns.lines_by_quarter, columns: ['l_comment'] }],
  },
  {
    name: 'a column of two folders of seven',
    sql: 'SELECT year, max(o_comment) FROM sales_by_year WHERE year IN (1996, 1997) GROUP BY ALL',
    needed: [{ path: 'sales_by_year/year=199[67]/*.parquet', columns: ['o_comment'] }],
  },
  {
    name: 'a join of two tables in folders',
    sql: `SELECT count(*), max(l_comment) FROM sales_by_year s JOIN lines_by_quarter l ON o_orderkey = l_orderkey
      WHERE s.year = 1992 AND l.year = 1992 AND l.quarter < 2`,
    needed: [
      { path: 'sales_by_year/year=1992/*.parquet', columns: ['o_orderkey'] },
      { path: 'lines_by_quarter/year=1992/quarter=1/*.parquet', columns: ['l_orderkey', 'l_comment'] },
    ],
  },
])('$name: what is needed is fetched, and nothing the second time', async ({ sql, needed }) => {
  const cache = await mkdtemp(join(tmpdir(), 'lake-cache-'));
  try {
    await using engine = await engineOver(cache);
    // Reads the footers.
    await engine.explain(sql);
    proxy.forget();
    const { rows } = await answer(engine, sql);
    expect(compareRows(rows, (await plain.query(sql)).rows)).toBeUndefined();
    let wanted = 0;
    for (const { path, columns, groups } of needed) {
      wanted += await chunkBytes(plain, join(files, path), columns, groups);
    }
    expect(proxy.bytes).toBeLessThanOrEqual(wanted * mostTimes);
    expect(proxy.bytes).toBeGreaterThanOrEqual(wanted);

    proxy.forget();
    await answer(engine, sql);
    expect(proxy.bytes).toBe(0);
    await engine.close();
    await using next = await engineOver(cache);
    await answer(next, sql);
    // Bloom filters are small, and kept in memory only.
    expect(proxy.bytes, 'another engine finds footers and chunks on disk').toBeLessThan(1024);
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
});

test('footers are one request for each file', async () => {
  const cache = await mkdtemp(join(tmpdir(), 'lake-cache-'));
  try {
    await using engine = await engineOver(cache);
    proxy.forget();
    await engine.explain('SELECT count(*) FROM lines_by_quarter');
    const listed = await plain.query(
      `SELECT count(*) FROM glob('${join(files, patterns.lines_by_quarter)}')`,
    );
    expect(proxy.reads).toHaveLength(Number(listed.rows[0]?.[0]));
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
});
