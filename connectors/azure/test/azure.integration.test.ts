import { BlobServiceClient, ContainerSASPermissions } from '@azure/storage-blob';
import { createEngine } from '@tributary/core';
import { azureProtocol, behindProxy, describeStoreTables, fileBytes } from '@tributary/store-testkit';
import { startAzurite } from '@tributary/testbed';
import { afterAll, expect, test } from 'vitest';
import { createAzureSource } from '../src/index.js';

const { server, proxy } = await behindProxy(startAzurite, azureProtocol, afterAll);
const { accountName: account, accountKey } = server;
describeStoreTables({
  test,
  server,
  proxy,
  createSource: (sourceId, { bucket, folder, ...options }) =>
    createAzureSource(sourceId, {
      root: `az://${bucket}/${folder}`,
      azure: { endpoint: proxy.endpoint, account, accountKey },
      ...options,
    }),
  root: `azure://${server.bucket}`,
  tpch: [1, 3, 5, 18],
  refusals: [
    ['expired tokens', { kind: 'error', status: 403, code: 'AuthenticationFailed' }, 'SOURCE.AUTHENTICATION'],
    ['a firewall', { kind: 'error', status: 403, code: 'AuthorizationFailure' }, 'SOURCE.PERMISSION'],
    ['a blob that goes', { kind: 'error', status: 404, code: 'BlobNotFound' }, 'SOURCE.MISSING_OBJECT'],
  ],
  secrets: [accountKey],
});

test('a token reads a container, and stands in no plan', async () => {
  await server.putObject('one/t.parquet', await fileBytes('SELECT 1 AS n'));
  const container = BlobServiceClient.fromConnectionString(server.connectionString).getContainerClient(
    server.bucket,
  );
  const url = new URL(
    await container.generateSasUrl({
      permissions: ContainerSASPermissions.parse('rl'),
      expiresOn: new Date(Date.now() + 600_000),
    }),
  );
  const source = createAzureSource('far', {
    root: `az://${server.bucket}/one`,
    azure: { endpoint: proxy.endpoint, sasToken: url.search },
    cache: false,
  });
  await using engine = await createEngine({ sources: [source] });
  const sql = 'SELECT n FROM far.t WHERE n > 0';
  expect(await (await engine.query(sql)).rows()).toEqual([{ n: 1 }]);
  const plan = JSON.stringify(await engine.explain(sql));
  expect(plan).toContain('read parquet t');
  expect(plan).not.toContain('sig=');
});
