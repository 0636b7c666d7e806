import { once } from 'node:events';
import { type RequestListener, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AnonymousCredential } from '@azure/storage-blob';
import type { ObjectStore } from '@tributary/lake';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { azureClient } from './azure-client.js';
import { azureStore } from './azure-store.js';

const { signal } = new AbortController();

let server: Server;
let answer: RequestListener;
let requests: number;
let store: ObjectStore;
beforeEach(async () => {
  requests = 0;
  // Longer than a test, so that only the store closes connections.
  server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    requests += 1;
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/acme`;
  const account = { url, credential: new AnonymousCredential(), endpoint: url, account: undefined };
  store = azureStore('far', azureClient(account, 'lake'));
});
afterEach(async () => {
  await store.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function connections(): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });
}

test('a call is one request, and calls share a connection until the store is closed', async () => {
  answer = (_, response) => response.writeHead(503, { 'x-ms-error-code': 'ServerBusy' }).end();
  for (const key of ['a', 'b']) {
    await expect(store.listPage(key, undefined, { signal })).rejects.toMatchObject({
      code: 'SOURCE.UNREACHABLE',
      message: `azure://lake/${key}: ServerBusy.`,
    });
  }
  expect(requests).toBe(2);
  expect(await connections()).toBe(1);
  await store.close();
  await store.close();
  await expect.poll(connections, { timeout: 3000 }).toBe(0);
});

test('a body that breaks is an error, and not asked for again', async () => {
  answer = (_, response) => {
    response.writeHead(206, { 'content-length': 10, etag: '"e"' });
    response.write('12345', () => response.destroy());
  };
  await expect(store.read('a', { start: 0, end: 10 }, { etag: 'e', signal })).rejects.toMatchObject({
    code: 'SOURCE.UNREACHABLE',
    message: 'azure://lake/a: 5 bytes came where 10 were announced.',
  });
  expect(requests).toBe(1);
});
