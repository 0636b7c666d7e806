import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AnonymousCredential } from '@azure/storage-blob';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AzureClient, azureClient } from './azure-client.js';

let server: Server;
let requests: number;
let client: AzureClient;
beforeEach(async () => {
  requests = 0;
  server = createServer((_request, response) => {
    requests += 1;
    response.writeHead(503, { 'x-ms-error-code': 'ServerBusy' }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/acme`;
  client = azureClient({ url, credential: new AnonymousCredential(), endpoint: url }, 'lake');
});
afterEach(async () => {
  client.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function connections(): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });
}

test('a call is one request, and calls share a connection until the client is closed', async () => {
  for (const key of ['a', 'b']) {
    await expect(client.container.getBlobClient(key).getProperties()).rejects.toMatchObject({
      statusCode: 503,
    });
  }
  expect(requests).toBe(2);
  expect(await connections()).toBe(1);
  client.close();
  client.close();
  await expect.poll(connections).toBe(0);
});
