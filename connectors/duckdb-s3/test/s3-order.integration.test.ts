import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { answer } from '@tributary/connector-testkit/generate';
import { createEngine } from '@tributary/core';
import { listObjects } from '@tributary/lake';
import { s3Stores } from '@tributary/store-s3';
import { fileBytes } from '@tributary/store-testkit';
import { type S3Server, startSeaweed } from '@tributary/testbed';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLakeSource } from '../src/index.js';

const { signal } = new AbortController();

let server: S3Server;
let folder: string;
beforeAll(async () => {
  server = await startSeaweed();
  folder = await mkdtemp(join(tmpdir(), 'lake-'));
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

function storeOptions(): { endpoint: string; accessKeyId: string; secretAccessKey: string } {
  const { endpoint, accessKeyId, secretAccessKey } = server;
  return { endpoint, accessKeyId, secretAccessKey };
}

async function listed(prefix: string): Promise<readonly string[]> {
  const { store } = s3Stores.open(`s3://lake/${prefix}`, storeOptions(), 'far');
  try {
    const pages = await Array.fromAsync(listObjects(store, prefix, { signal }));
    return pages.flat().map(({ key }) => key);
  } finally {
    await store.close();
  }
}

test('files that a server lists in another order are the tables that they are in a folder', async () => {
  const files = {
    't/a/x.parquet': `SELECT 1 AS n, 'one' AS a, 2 AS z`,
    't/a-b.parquet': `SELECT 'dash' AS b, 2 AS n`,
    't/a.parquet': `SELECT 3 AS n, 'dot' AS c`,
    'u/k=1/x.parquet': 'SELECT 10 AS n',
    'u/k=1-0/x.parquet': 'SELECT 11 AS n',
    'u-v.parquet': 'SELECT 20 AS n',
  };
  for (const [key, sql] of Object.entries(files)) {
    const bytes = await fileBytes(sql);
    await server.putObject(`tree/${key}`, bytes);
    await mkdir(dirname(join(folder, key)), { recursive: true });
    await writeFile(join(folder, key), bytes);
  }
  const order = await listed('tree/');
  // Else this server has become like the others, and the test needs another one.
  expect(order).not.toEqual(order.toSorted());
  await using engine = await createEngine({
    sources: [
      createLakeSource('far', { root: 's3://lake/tree', s3: storeOptions(), cache: false }),
      createLakeSource('near', { root: folder }),
    ],
  });
  for (const sql of [
    'SELECT * FROM near.t ORDER BY n',
    'SELECT n, k FROM near.u ORDER BY n',
    'SELECT * FROM near."u-v"',
  ]) {
    const near = await answer(engine, sql);
    expect(near.rows).not.toEqual([]);
    expect(await answer(engine, sql.replace('near', 'far')), sql).toEqual(near);
  }
});

test('a folder of more files than a page lists', async () => {
  const row = Buffer.from('n\n1\n');
  const numbers = Array.from({ length: 1100 }, (_, index) => index);
  for (let start = 0; start < numbers.length; start += 50) {
    const some = numbers.slice(start, start + 50);
    await Promise.all(some.map((n) => server.putObject(`many/t/${n}.csv`, row)));
  }
  expect(new Set(await listed('many/')).size).toBe(1100);
  const source = createLakeSource('far', { root: 's3://lake/many', s3: storeOptions(), cache: false });
  const { findings } = await source.checkHealth({ signal });
  await source.close();
  expect(findings.map(({ message }) => message).join()).toMatch(/^1 table, 1100 files/);
});
