import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { IFederatedDataSource } from '@tributary/connector-sdk';
import { describeConnector } from '@tributary/connector-testkit';
import { s3Stores } from '@tributary/store-s3';
import { behindProxy, s3Protocol, storeGaps } from '@tributary/store-testkit';
import { startS3, uploadFolder } from '@tributary/testbed';
import { afterAll, it } from 'vitest';
import { createDeltaObjectSource, delta } from '../src/index.js';
import { deltaFixtures, deltaGaps } from './support/delta-fixtures.js';
import { DeltaWriter } from './support/delta-writer.js';

const { server, proxy } = await behindProxy(startS3, s3Protocol, afterAll);
const root = await mkdtemp(join(tmpdir(), 'delta-'));
const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
const writer = new DeltaWriter(duckdb, root);

afterAll(async () => {
  duckdb.closeSync();
  await rm(root, { recursive: true, force: true });
});

function create(
  sourceId: string,
  keys: { readonly accessKeyId: string; readonly secretAccessKey: string },
): IFederatedDataSource {
  const { endpoint } = proxy;
  const place = s3Stores.open(`s3://${server.bucket}/suite`, { endpoint, ...keys }, sourceId);
  return createDeltaObjectSource({ ...place, sourceId, cache: false });
}

function upload(table: string): Promise<void> {
  return uploadFolder(server, join(root, table), `suite/${table}`);
}

const { accessKeyId, secretAccessKey } = server;

describeConnector({
  test: it,
  after: afterAll,
  name: 'delta (S3)',
  connector: delta,
  create: (sourceId) => create(sourceId, { accessKeyId, secretAccessKey }),
  fixtures: deltaFixtures(duckdb, writer, upload),
  hooks: {
    wrongCredentials: (sourceId, password) => create(sourceId, { accessKeyId, secretAccessKey: password }),
    dropColumn: async (table, column) => {
      await writer.dropColumn(table, column);
      await upload(table);
    },
    traffic: () => ({ bytes: proxy.bytes }),
  },
  secrets: [secretAccessKey],
  knownGaps: [...deltaGaps, ...storeGaps],
  report: new URL('../conformance-s3.json', import.meta.url),
});
