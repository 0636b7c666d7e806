import { inspect } from 'node:util';
import {
  BlobServiceClient,
  ContainerSASPermissions,
  StorageSharedKeyCredential,
  generateBlobSASQueryParameters,
} from '@azure/storage-blob';
import type { ObjectInfo, ObjectStore } from '@tributary/lake';
import { TributaryError } from '@tributary/connector-sdk';
import { azureProtocol, behindProxy, describeStore } from '@tributary/store-testkit';
import { startAzurite } from '@tributary/testbed';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { type AzureOptions, azureStores } from '../src/index.js';

const { signal } = new AbortController();

const { server, proxy } = await behindProxy(startAzurite, azureProtocol, afterAll);
const credential = new StorageSharedKeyCredential(server.accountName, server.accountKey);
const container = new BlobServiceClient(server.endpoint, credential).getContainerClient(server.bucket);
const stores: ObjectStore[] = [];
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
});
describeStore({
  test,
  server,
  proxy,
  open: (name) => {
    const { accountName: account, accountKey } = server;
    return azureStores.open(`az://${name}`, { account, accountKey, endpoint: proxy.endpoint }, 'far').store;
  },
  root: `azure://${server.bucket}`,
  pageSize: 5000,
  // Azurite makes page blobs the quickest.
  fill: async (keys) => {
    for (let at = 0; at < keys.length; at += 100) {
      const some = keys.slice(at, at + 100);
      await Promise.all(some.map((key) => container.getPageBlobClient(key).create(512)));
    }
  },
  remove: async (key) => {
    await container.deleteBlob(key);
  },
  putGzip: async (key, body) => {
    await container
      .getBlockBlobClient(key)
      .upload(body, body.length, { blobHTTPHeaders: { blobContentEncoding: 'gzip' } });
  },
});

function open(options: AzureOptions = {}): ObjectStore {
  const { accountName: account, accountKey, endpoint } = server;
  const given = Object.keys(options).length === 0 ? { accountKey } : options;
  const { store } = azureStores.open(`az://${server.bucket}`, { account, endpoint, ...given }, 'far');
  stores.push(store);
  return store;
}

/** A token for the container, as users make them. */
function token(permissions: string, expiresInMs = 60_000): string {
  return generateBlobSASQueryParameters(
    {
      containerName: container.containerName,
      permissions: ContainerSASPermissions.parse(permissions),
      startsOn: new Date(Date.now() - 3_600_000),
      expiresOn: new Date(Date.now() + expiresInMs),
    },
    credential,
  ).toString();
}

async function put(key: string, body: string, metadata: Record<string, string> = {}): Promise<void> {
  await container.getBlockBlobClient(key).upload(body, Buffer.byteLength(body), { metadata });
}

async function etagOf(store: ObjectStore, key: string): Promise<string> {
  const found = await store.head(key, { signal });
  return found?.etag ?? `there is no ${key}`;
}

async function failure(work: Promise<unknown>): Promise<TributaryError> {
  const error: unknown = await work.catch((reason: unknown) => reason);
  if (error instanceof TributaryError) return error;
  throw new Error(`expected an error, got ${inspect(error)}`);
}

test('what stands for a folder is left out', async () => {
  await put('odd/deep/er/x', 'x');
  await put('odd/deep', '', { hdi_isfolder: 'true' });
  await put('odd/empty', '', { Hdi_isfolder: 'false' });
  const store = open();
  const { objects } = await store.listPage('odd/', undefined, { signal });
  const keys = objects.map(({ key }) => key);
  expect(keys).toEqual(expect.arrayContaining(['odd/deep/er/x', 'odd/empty']));
  expect(keys).not.toContain('odd/deep');
  expect(await store.head('odd/deep', { signal })).toBeUndefined();
  expect(await etagOf(store, 'odd/empty')).toMatch(/^0x/);
});

test('an archived blob says what it is', async () => {
  await put('old', 'x');
  await container.getBlobClient('old').setAccessTier('Archive');
  const store = open();
  const call = { etag: await etagOf(store, 'old'), signal };
  expect(await failure(store.read('old', { start: 0, end: 1 }, call))).toMatchObject({
    code: 'SOURCE.QUERY_FAILED',
    message: expect.stringContaining('old: the blob is archived'),
    retryable: false,
  });
});

describe('who asks', () => {
  const list = (options: AzureOptions): Promise<readonly ObjectInfo[]> =>
    open(options)
      .listPage('who', undefined, { signal })
      .then(({ objects }) => objects);

  test('a token that allows it, with and without a question mark', async () => {
    await put('who', 'x');
    for (const mark of ['', '?']) {
      const store = open({ sasToken: mark + token('rl') });
      const { objects } = await store.listPage('who', undefined, { signal });
      expect(objects).toHaveLength(1);
      const etag = await etagOf(store, 'who');
      expect(await store.read('who', { start: 0, end: 1 }, { etag, signal })).toEqual(Buffer.from('x'));
    }
  });

  test('a connection string', async () => {
    const { connectionString, endpoint } = server;
    const place = azureStores.open(`az://${container.containerName}/a`, { connectionString }, 'far');
    stores.push(place.store);
    expect(place).toMatchObject({ prefix: 'a', endpoint });
    expect(place.store.id).toBe(open().id);
    expect(await place.store.head('no', { signal })).toBeUndefined();
  });

  test.each<readonly [string, () => AzureOptions, string]>([
    ['an expired token', () => ({ sasToken: token('rl', -60_000) }), 'SOURCE.AUTHENTICATION'],
    [
      'a token of another key',
      () => ({ sasToken: token('rl').replace(/sig=....../, 'sig=AAAAAA') }),
      'SOURCE.AUTHENTICATION',
    ],
    ['a token that does not allow listing', () => ({ sasToken: token('r') }), 'SOURCE.PERMISSION'],
    ['a wrong key', () => ({ accountKey: Buffer.from('wrong').toString('base64') }), 'SOURCE.AUTHENTICATION'],
    ['nobody', () => ({ anonymous: true }), 'SOURCE.AUTHENTICATION'],
  ])('%s is refused, and nothing secret is told', async (_, options, code) => {
    const given = options();
    const error = await failure(list(given));
    expect(error).toMatchObject({ code, sourceId: 'far', retryable: false });
    const told = `${inspect(error, { depth: 9, showHidden: true })} ${open(given).id}`;
    const secrets = [given.accountKey, given.sasToken, /sig=([^&]+)/.exec(given.sasToken ?? '')?.[1]];
    for (const secret of secrets) if (secret !== undefined) expect(told).not.toContain(secret);
    expect(told).not.toContain('sig=');
  });
});
