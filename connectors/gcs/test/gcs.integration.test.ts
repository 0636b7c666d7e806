import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Storage } from '@google-cloud/storage';
import { createEngine } from '@tributary/core';
import { behindProxy, describeStoreTables, fileBytes, gcsProtocol } from '@tributary/store-testkit';
import { startFakeGcs } from '@tributary/testbed';
import { afterAll, describe, expect, test } from 'vitest';
import { createGcsSource, gcs } from '../src/index.js';

const { server, proxy } = await behindProxy(startFakeGcs, gcsProtocol, afterAll);
describeStoreTables({
  test,
  server,
  proxy,
  createSource: (sourceId, { bucket, folder, ...options }) =>
    createGcsSource(sourceId, {
      root: `gs://${bucket}/${folder}`,
      gcs: { endpoint: proxy.endpoint },
      ...options,
    }),
  root: `gs://${server.bucket}`,
  tpch: [1, 3, 5, 18],
  refusals: [
    ['an expired token', { kind: 'error', status: 401, code: 'authError' }, 'SOURCE.AUTHENTICATION'],
    ['a denied object', { kind: 'error', status: 403, code: 'forbidden' }, 'SOURCE.PERMISSION'],
  ],
  secrets: [],
});

test('text that the store would decompress is a table', async () => {
  const lines = gzipSync(await fileBytes('SELECT i FROM range(3000) r(i)', 'FORMAT csv, HEADER'));
  await new Storage({ apiEndpoint: server.endpoint, projectId: server.projectId })
    .bucket(server.bucket)
    .file('encoded/lines.csv.gz')
    .save(lines, { resumable: false, metadata: { contentEncoding: 'gzip' } });
  const root = `gs://${server.bucket}/encoded`;
  const source = createGcsSource('far', { root, gcs: { endpoint: server.endpoint }, cache: false });
  await using engine = await createEngine({ sources: [source] });
  const result = await engine.query('SELECT count(*) AS n, max(i) AS m FROM far.lines');
  expect(await result.rows()).toEqual([{ n: 3000n, m: 2999n }]);
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
    const baseDirectory = await mkdtemp(join(tmpdir(), 'gcs-'));
    try {
      const source = createGcsSource('far', {
        root: `gs://${server.bucket}`,
        baseDirectory,
        gcs: { endpoint: server.endpoint, keyFilename: 'key.json' },
        cache: false,
      });
      await using engine = await createEngine({ sources: [source] });
      await expect(engine.query('SELECT * FROM far.region')).rejects.toMatchObject({
        code: 'SOURCE.AUTHENTICATION',
        message: expect.stringContaining(join(baseDirectory, 'key.json')),
      });
    } finally {
      await rm(baseDirectory, { recursive: true });
    }
  });
});
