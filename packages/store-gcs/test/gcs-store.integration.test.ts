import { Storage } from '@google-cloud/storage';
import { type ObjectInfo, type ObjectStore, listObjects, steadyStore } from '@tributary/lake';
import { behindProxy, describeStore, gcsProtocol } from '@tributary/store-testkit';
import { startFakeGcs } from '@tributary/testbed';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { gcsStores } from '../src/index.js';

const { signal } = new AbortController();
const { server, proxy } = await behindProxy(startFakeGcs, gcsProtocol, afterAll);
const bucket = new Storage({ apiEndpoint: server.endpoint, projectId: server.projectId }).bucket(
  server.bucket,
);

function open(name: string): ObjectStore {
  return gcsStores.open(`gs://${name}`, { endpoint: proxy.endpoint }, 'far').store;
}

describeStore({
  test,
  server,
  proxy,
  open,
  root: `gs://${server.bucket}`,
  pageSize: 1000,
  remove: async (key) => {
    await bucket.file(key).delete();
  },
  putGzip: (key, body) =>
    bucket.file(key).save(body, { resumable: false, metadata: { contentEncoding: 'gzip' } }),
});

describe('what only GCS has', () => {
  let store: ObjectStore;
  beforeEach(() => {
    store = open(server.bucket);
  });
  afterEach(async () => {
    proxy.forget();
    await store.close();
  });

  async function put(key: string, body: Uint8Array): Promise<ObjectInfo> {
    await server.putObject(key, body);
    const info = await store.head(key, { signal });
    if (info === undefined) throw new Error(`${key} is not there`);
    proxy.forget();
    return info;
  }

  test('generations stand for contents, and only the fields that matter are asked for', async () => {
    const { etag } = await put('one.txt', Buffer.from('one'));
    expect(etag).toMatch(/^\d+$/);
    await store.listPage('one.txt', undefined, { signal });
    expect(proxy.requests[0]?.url).toContain('fields=nextPageToken');
  });

  test('a page may be shorter than it could be', async () => {
    for (let n = 0; n < 7; n += 1) await server.putObject(`few/${n}.txt`, Buffer.from('x'));
    proxy.fault = ({ url }) => ({ kind: 'rewrite', url: url.replace('=1000', '=3') });
    const pages = await Array.fromAsync(listObjects(store, 'few/', { signal }));
    expect(pages.map(({ length }) => length)).toEqual([3, 3, 1]);
    expect(new Set(pages.flat().map(({ key }) => key)).size).toBe(7);
  });

  test('a name that looks like a path of folders', async () => {
    const key = 'a/b/../c';
    const { etag } = await put(key, Buffer.from(key));
    const got = await store.read(key, { start: 0, end: key.length }, { etag, signal });
    expect(Buffer.from(got).toString()).toBe(key);
  });

  test('a server that does not know generations is found out', async () => {
    const { etag } = await put('replaced.bin', Buffer.from('first'));
    await put('replaced.bin', Buffer.from('other'));
    proxy.fault = ({ url }) => ({ kind: 'rewrite', url: url.replace(/&generation=\d+/, '') });
    await expect(store.read('replaced.bin', { start: 0, end: 5 }, { etag, signal })).rejects.toMatchObject({
      code: 'SOURCE.CHANGED_OBJECT',
    });
  });

  test('a quota is 403, and passes', async () => {
    const { etag } = await put('data.bin', Buffer.from('data'));
    const steady = steadyStore(store, { sourceId: 'far', retryDelayMs: 1 });
    proxy.failFirst(2, { kind: 'error', status: 403, code: 'userRateLimitExceeded' });
    expect(await steady.read('data.bin', { start: 0, end: 4 }, { etag, signal })).toEqual(
      Buffer.from('data'),
    );
    expect(proxy.requests).toHaveLength(3);
  });

  test('an error says why', async () => {
    const { etag } = await put('data.bin', Buffer.from('data'));
    proxy.fault = () => ({ kind: 'error', status: 403, code: 'forbidden' });
    await expect(store.read('data.bin', { start: 0, end: 4 }, { etag, signal })).rejects.toMatchObject({
      message: `gs://${server.bucket}/data.bin: Told to.`,
    });
  });
});
