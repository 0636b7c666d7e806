import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { IFederatedDataSource } from '@tributary/connector-sdk';
import { describeConnector } from '@tributary/connector-testkit';
import { s3Stores } from '@tributary/store-s3';
import { storeGaps } from '@tributary/store-testkit';
import { startS3, uploadFolder } from '@tributary/testbed';
import { afterAll, it } from 'vitest';
import { createDeltaObjectSource, delta } from '../src/index.js';
import { countedStore } from './support/counted-store.js';
import { deltaFixtures, deltaGaps } from './support/delta-fixtures.js';
import { DeltaWriter } from './support/delta-writer.js';

const server = await startS3();
const root = await mkdtemp(join(tmpdir(), 'delta-'));
const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
const writer = new DeltaWriter(duckdb, root);
let bytes = 0;

afterAll(async () => {
  duckdb.closeSync();
  await server[Symbol.asyncDispose]();
  await rm(root, { recursive: true, force: true });
});

function create(
  sourceId: string,
  keys: { readonly accessKeyId: string; readonly secretAccessKey: string },
): IFederatedDataSource {
  const { endpoint, bucket } = server;
  const place = s3Stores.open(`s3://${bucket}/suite`, { endpoint, ...keys }, sourceId);
  const store = countedStore(place.store, (read) => {
    bytes += read;
  });
  return createDeltaObjectSource({ ...place, sourceId, store, cache: false });
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
    traffic: () => ({ bytes }),
  },
  secrets: [secretAccessKey],
  knownGaps: [...deltaGaps, ...storeGaps],
  report: new URL('../conformance-s3.json', import.meta.url),
});
