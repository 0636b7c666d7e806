import { cp, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLakeSource } from '@tributary/connector-duckdb-s3';
import { TributaryError, createEngine } from '@tributary/core';
import { tpchParquet } from '@tributary/testbed';
import { expect, test } from 'vitest';

/** Overwrites bytes all over the pages; the footer at the end stays whole. */
async function damagePages(path: string): Promise<void> {
  await using file = await open(path, 'r+');
  const { size } = await file.stat();
  for (let position = 100; position < size - 20_000; position += 997) {
    await file.write(Buffer.from([0xff, 0x13, 0x77, 0xff]), 0, 4, position);
  }
}

test('damage inside a page is an error that names the file, and the next query works', async () => {
  const root = await mkdtemp(join(tmpdir(), 'tributary-damaged-'));
  await cp(await tpchParquet(0.01), root, { recursive: true });
  await damagePages(join(root, 'orders.parquet'));
  await using engine = await createEngine({ sources: [createLakeSource('lake', { root })] });
  const sql = 'select max(o_comment), count(*) from lake.orders join lake.customer on c_custkey = o_custkey';
  const error: unknown = await engine
    .query(sql)
    .then((result) => result.rows())
    .catch((e: unknown) => e);
  if (!(error instanceof TributaryError)) throw new Error(`expected an error, got ${JSON.stringify(error)}`);
  expect(error).toMatchObject({ code: 'SOURCE.CORRUPT_DATA', sourceId: 'lake' });
  expect(error.object).toContain('orders.parquet');
  const next = await engine.query('select count(*) as n from lake.customer');
  expect(await next.rows()).toEqual([{ n: 1500n }]);
  await rm(root, { recursive: true });
});
