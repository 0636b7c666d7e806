import type { IFederatedDataSource } from '@tributary/connector-sdk';
import { behindProxy, describeStoreConnector, s3Protocol } from '@tributary/store-testkit';
import { startS3 } from '@tributary/testbed';
import { afterAll, it } from 'vitest';
import { createLakeSource, duckdbS3 } from '../src/index.js';

const { server, proxy } = await behindProxy(startS3, s3Protocol, afterAll);
const { accessKeyId, secretAccessKey } = server;

function create(
  sourceId: string,
  keys: { readonly accessKeyId: string; readonly secretAccessKey: string },
): IFederatedDataSource {
  return createLakeSource(sourceId, {
    root: `s3://${server.bucket}/suite`,
    s3: { endpoint: proxy.endpoint, ...keys },
    cache: false,
  });
}

await describeStoreConnector({
  test: it,
  after: afterAll,
  name: 'duckdb-s3 (S3)',
  connector: duckdbS3,
  server,
  proxy,
  create: (sourceId) => create(sourceId, { accessKeyId, secretAccessKey }),
  wrongCredentials: (sourceId, password) =>
    create(sourceId, { accessKeyId: 'somebody', secretAccessKey: password }),
  secrets: [secretAccessKey],
  report: new URL('../conformance-s3.json', import.meta.url),
});
