import { inspect } from 'node:util';
import {
  BlobServiceClient,
  type ContainerClient,
  ContainerSASPermissions,
  StorageSharedKeyCredential,
  generateBlobSASQueryParameters,
} from '@azure/storage-blob';
import { type ObjectInfo, type ObjectStore, listObjects } from '@tributary/lake';
import { TributaryError } from '@tributary/connector-sdk';
import { type AzuriteServer, startAzurite } from '@tributary/testbed';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type AzureOptions, azureStores } from '../src/index.js';

const { signal } = new AbortController();

let server: AzuriteServer;
let credential: StorageSharedKeyCredential;
let container: ContainerClient;
const stores: ObjectStore[] = [];
beforeAll(async () => {
  server = await startAzurite();
  credential = new StorageSharedKeyCredential(server.accountName, server.accountKey);
  container = new BlobServiceClient(server.endpoint, credential).getContainerClient(server.bucket);
});
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
});
afterAll(() => server[Symbol.asyncDispose]());

function open(options: AzureOptions = {}, url = `az://${container.containerName}`): ObjectStore {
  const { accountName: account, accountKey, endpoint } = server;
  const given = Object.keys(options).length === 0 ? { accountKey } : options;
  const { store } = azureStores.open(url, { account, endpoint, ...given }, 'far');
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

async function text(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  return Buffer.concat(await Array.fromAsync(chunks)).toString();
}

describe('listings', () => {
  test('come by pages, and whole', async () => {
    // Azure's pages have 5,000, and Azurite makes page blobs the quickest.
    const keys = Array.from({ length: 5002 }, (_, i) => `many/${String(i).padStart(5, '0')}`);
    for (let at = 0; at < keys.length; at += 100) {
      const some = keys.slice(at, at + 100);
      await Promise.all(some.map((key) => container.getPageBlobClient(key).create(512)));
    }
    const pages = await Array.fromAsync(listObjects(open(), 'many/', { signal }));
    expect(pages.map(({ length }) => length)).toEqual([5000, 2]);
    expect(
      pages
        .flat()
        .map(({ key }) => key)
        .toSorted(),
    ).toEqual(keys);
  });

  test('say what a head says, of hostile names too, and leave folders out', async () => {
    const names = ['odd/a b', 'odd/ü%20?#&=+[1]', 'odd/deep/er/x', `odd/'"<>`];
    for (const name of names) await put(name, name);
    await put('odd/deep', '', { hdi_isfolder: 'true' });
    await put('odd/empty', '', { Hdi_isfolder: 'false' });
    const store = open();
    const { objects, next } = await store.listPage('odd/', undefined, { signal });
    expect(next).toBeUndefined();
    expect(objects.map(({ key }) => key).toSorted()).toEqual([...names, 'odd/empty'].toSorted());
    for (const object of objects) {
      expect(object.etag).toMatch(/^0x/);
      expect(await store.head(object.key, { signal })).toEqual(object);
    }
    expect(await store.head('odd/deep', { signal })).toBeUndefined();
  });

  test('of nothing are empty, of no container an error', async () => {
    expect(await open().listPage('nothing/', undefined, { signal })).toEqual({ objects: [] });
    const error = await failure(open({}, 'az://nowhere').listPage('', undefined, { signal }));
    expect(error).toMatchObject({ code: 'SOURCE.MISSING_OBJECT', object: 'azure://nowhere/' });
  });
});

describe('reading', () => {
  test('ranges and streams', async () => {
    await put('letters', 'abcdefghij');
    const store = open();
    const call = { etag: await etagOf(store, 'letters'), signal };
    const read = async (start: number, end: number): Promise<string> =>
      Buffer.from(await store.read('letters', { start, end }, call)).toString();
    expect(await read(0, 10)).toBe('abcdefghij');
    expect(await read(0, 1)).toBe('a');
    expect(await read(3, 6)).toBe('def');
    expect(await text(store.stream('letters', call))).toBe('abcdefghij');
    expect(await text(store.stream('letters', { ...call, start: 8 }))).toBe('ij');
    await put('none', '');
    expect(await text(store.stream('none', { etag: await etagOf(store, 'none'), signal }))).toBe('');
    expect(await failure(read(8, 12))).toMatchObject({
      code: 'SOURCE.UNREACHABLE',
      message: expect.stringContaining('announces 2 bytes where 4 were asked for'),
    });
    expect(await failure(read(20, 30))).toMatchObject({ code: 'SOURCE.CHANGED_OBJECT' });
  });

  test('compressed blobs come as they lie there', async () => {
    const body = Buffer.from([0x1f, 0x8b, 1, 2, 3, 4]);
    await container
      .getBlockBlobClient('x.gz')
      .upload(body, body.length, { blobHTTPHeaders: { blobContentEncoding: 'gzip' } });
    const store = open();
    const call = { etag: await etagOf(store, 'x.gz'), signal };
    expect(await store.read('x.gz', { start: 0, end: 6 }, call)).toEqual(body);
  });

  test('an overwritten object is another one, a deleted one is missing', async () => {
    await put('pinned', 'first');
    const store = open();
    const call = { etag: await etagOf(store, 'pinned'), signal };
    await put('pinned', 'other');
    const changed = { code: 'SOURCE.CHANGED_OBJECT', object: store.locationOf('pinned') };
    expect(await failure(store.read('pinned', { start: 0, end: 5 }, call))).toMatchObject(changed);
    expect(await failure(text(store.stream('pinned', call)))).toMatchObject(changed);
    await container.deleteBlob('pinned');
    expect(await store.head('pinned', { signal })).toBeUndefined();
    // A blob that is not there does not meet the condition either.
    expect((await failure(store.read('pinned', { start: 0, end: 5 }, call))).code).toMatch(
      /^SOURCE\.(MISSING|CHANGED)_OBJECT$/,
    );
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

  test('an abort ends a call, and one in the middle of a stream too', async () => {
    await put('long', 'x'.repeat(20_000_000));
    const store = open();
    const etag = await etagOf(store, 'long');
    const control = new AbortController();
    const call = { etag, signal: control.signal };
    const stream = store.stream('long', call);
    let received = 0;
    const streaming = (async () => {
      for await (const chunk of stream) {
        received += chunk.length;
        control.abort();
      }
    })();
    expect(await failure(streaming)).toMatchObject({ code: 'QUERY.CANCELLED' });
    expect(received).toBeLessThan(20_000_000);
    const calls = [
      store.read('long', { start: 0, end: 10 }, call),
      store.head('long', call),
      store.listPage('', undefined, call),
    ];
    for (const each of calls) expect(await failure(each)).toMatchObject({ code: 'QUERY.CANCELLED' });
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
