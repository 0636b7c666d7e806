import type { IFederatedDataSource } from '@tributary/connector-sdk';
import { azureProtocol, behindProxy, describeStoreConnector } from '@tributary/store-testkit';
import { startAzurite } from '@tributary/testbed';
import { afterAll, it } from 'vitest';
import { azure, createAzureSource } from '../src/index.js';

const { server, proxy } = await behindProxy(startAzurite, azureProtocol, afterAll);

function create(sourceId: string, accountKey: string): IFederatedDataSource {
  return createAzureSource(sourceId, {
    root: `azure://${server.bucket}/suite`,
    azure: { endpoint: proxy.endpoint, account: server.accountName, accountKey },
    cache: false,
  });
}

await describeStoreConnector({
  test: it,
  after: afterAll,
  name: 'azure',
  connector: azure,
  server,
  proxy,
  create: (sourceId) => create(sourceId, server.accountKey),
  wrongCredentials: create,
  secrets: [server.accountKey],
  report: new URL('../conformance.json', import.meta.url),
});
