import type { IFederatedDataSource } from '@tributary/connector-sdk';
import { behindProxy, describeStoreConnector, gcsProtocol } from '@tributary/store-testkit';
import { startFakeGcs } from '@tributary/testbed';
import { afterAll, it } from 'vitest';
import { type GcsSourceOptions, createGcsSource, gcs } from '../src/index.js';

const { server, proxy } = await behindProxy(startFakeGcs, gcsProtocol, afterAll);

function create(sourceId: string, key: GcsSourceOptions['gcs'] = {}): IFederatedDataSource {
  return createGcsSource(sourceId, {
    root: `gs://${server.bucket}/suite`,
    gcs: { endpoint: proxy.endpoint, ...key },
    cache: false,
  });
}

await describeStoreConnector({
  test: it,
  after: afterAll,
  name: 'gcs',
  connector: gcs,
  server,
  proxy,
  create,
  // The server asks for no key; one that cannot sign fails before it is asked.
  wrongCredentials: (sourceId, password) =>
    create(sourceId, { credentials: { client_email: 'somebody', private_key: password } }),
  report: new URL('../conformance.json', import.meta.url),
});
