import { join } from 'node:path';
import { createEngine, createSourceFromConnector, type Engine } from '@tributary/core';
import { s3Stores } from '@tributary/store-s3';
import { type S3Server, startS3, uploadFolder } from '@tributary/testbed';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDeltaObjectSource, delta } from '../src/index.js';
import { fixtures, goldenEngine, goldens, historyOf, newestGoldens, rowsOf, textRows } from './golden.js';

let server: S3Server;
let engine: Engine;
beforeAll(async () => {
  server = await startS3();
  await uploadFolder(server, join(fixtures, 'tables'), 'golden/tables');
  engine = await goldenEngine(await configured({}));
});
afterAll(async () => {
  await engine.close();
  await server[Symbol.asyncDispose]();
});

function access() {
  const { endpoint, accessKeyId, secretAccessKey } = server;
  return { endpoint, accessKeyId, secretAccessKey };
}

function configured(options: object, sourceId = 'lake') {
  return createSourceFromConnector(delta, sourceId, {
    root: `s3://${server.bucket}/golden/tables`,
    s3: access(),
    cache: false,
    ...options,
  });
}

describe('tables in an S3 store, as their own writer reads them', () => {
  test('all of them are there', async () => {
    expect(await engine.listTables('lake')).toHaveLength(newestGoldens().length);
  });

  // As text, tens of thousands of rows take longer than all others together.
  const small = newestGoldens().filter(({ name }) => name !== 'deletions_large');
  test.each(small)('$name', async ({ name, version }) => {
    const rows = await textRows(engine, `lake.${name}`);
    expect(rows).toEqual(await textRows(engine, `expected."${name}@v${version}"`));
    expect(rows).not.toEqual([]);
  });

  test.each(goldens().filter(({ name }) => name === 'deletions'))(
    '$name at version $version',
    async ({ name, version }) => {
      expect(await textRows(engine, `lake.${name} AT (VERSION => ${version})`)).toEqual(
        await textRows(engine, `expected."${name}@v${version}"`),
      );
    },
  );

  test('deletions_large', async () => {
    const [lake, expected] = ['lake.deletions_large', 'expected."deletions_large@v4"'];
    const differing = `SELECT * FROM (FROM ${lake} EXCEPT ALL FROM ${expected}) LIMIT 1`;
    expect(await rowsOf(engine, differing)).toEqual([]);
    const count = (table: string) => rowsOf(engine, `SELECT count(*) AS n FROM ${table}`);
    expect(await count(lake)).toEqual(await count(expected));
  });

  test('their histories', async () => {
    const rows = await rowsOf(
      engine,
      'SELECT version, operation FROM lake."in_commit$history" ORDER BY version DESC',
    );
    expect(rows).toEqual(
      historyOf('in_commit').map(({ version, operation }) => ({ version: BigInt(version), operation })),
    );
  });
});

describe('what a configuration says of the store', () => {
  test('an endpoint of this machine is near', async () => {
    const { latencyMs, sourceType } = (await configured({})).getInfo();
    expect([latencyMs, sourceType]).toEqual([1, 'remote-storage']);
    const priced = await configured({ cost: { latencyMs: 70 } });
    expect(priced.getInfo().latencyMs).toBe(70);
  });

  test('wrong keys are refused by the server', async () => {
    const source = await configured({ s3: { ...access(), secretAccessKey: 'wrong-secret' } }, 'other');
    await using other = await createEngine({ sources: [source] });
    await expect(other.listTables('other')).rejects.toMatchObject({ code: 'SOURCE.AUTHENTICATION' });
  });

  test('tables by name, without a listing of all objects', async () => {
    const source = await configured({ tables: { old: { path: 'deletions', version: 2 } } }, 'named');
    await using named = await createEngine({ sources: [source] });
    expect(await rowsOf(named, 'SELECT count(*)::INTEGER AS n FROM named.old')).toEqual([{ n: 1000 }]);
  });

  test('a program opens the store itself', async () => {
    const source = createDeltaObjectSource({
      sourceId: 'own',
      ...s3Stores.open(`s3://${server.bucket}/golden/tables`, access(), 'own'),
      cache: false,
    });
    expect(source.getInfo().latencyMs).toBe(1);
    await using own = await createEngine({ sources: [source] });
    expect(await rowsOf(own, 'SELECT count(*)::INTEGER AS n FROM own.deletions AT (VERSION => 2)')).toEqual([
      { n: 1000 },
    ]);
    // Measured by now.
    expect(source.getInfo().latencyMs).not.toBe(1);
  });
});

test('a file that VACUUM took', async () => {
  const log = join(fixtures, 'tables', 'deletions', '_delta_log');
  await uploadFolder(server, log, 'vacuumed/t/_delta_log');
  const source = await configured({ root: `s3://${server.bucket}/vacuumed` }, 'vacuumed');
  await using vacuumed = await createEngine({ sources: [source] });
  await expect(rowsOf(vacuumed, 'SELECT * FROM vacuumed.t')).rejects.toMatchObject({
    code: 'SOURCE.MISSING_OBJECT',
    message: expect.stringMatching(
      /s3:.*part-.*parquet, a file of version 6 of its Delta table, does not exist/,
    ),
  });
});
