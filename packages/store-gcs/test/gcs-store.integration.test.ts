import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { type Bucket, Storage } from '@google-cloud/storage';
import { type FakeGcsServer, startFakeGcs } from '@tributary/testbed';
import { type ObjectInfo, type ObjectStore, listObjects, steadyStore } from '@tributary/lake';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { gcsStores } from '../src/index.js';
import { type Fault, FaultyProxy } from './support/faulty-proxy.js';

const { signal } = new AbortController();
const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));

let server: FakeGcsServer;
let proxy: FaultyProxy;
let bucket: Bucket;
let store: ObjectStore;
beforeAll(async () => {
  server = await startFakeGcs();
  proxy = await FaultyProxy.before(server.endpoint);
  bucket = new Storage({ apiEndpoint: server.endpoint, projectId: server.projectId }).bucket(server.bucket);
});
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});
beforeEach(() => {
  ({ store } = gcsStores.open(`gs://${server.bucket}`, { endpoint: proxy.endpoint }, 'lake'));
});
afterEach(async () => {
  proxy.forget();
  await store.close();
});

async function put(key: string, body: Buffer, contentEncoding?: string): Promise<ObjectInfo> {
  await bucket.file(key).save(body, { resumable: false, metadata: { contentEncoding } });
  const info = await store.head(key, { signal });
  if (info === undefined) throw new Error(`${key} is not there`);
  proxy.forget();
  return info;
}

function read(key: string, [start, end]: readonly [number, number], etag: string): Promise<Uint8Array> {
  return store.read(key, { start, end }, { etag, signal });
}

async function streamed(of: ObjectStore, key: string, etag: string, start?: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  const call = { etag, signal, ...(start !== undefined && { start }) };
  for await (const piece of of.stream(key, call)) pieces.push(piece);
  return Buffer.concat(pieces);
}

describe('listings', () => {
  test('come in pages, and whole, with the fields that matter', async () => {
    const keys = Array.from({ length: 1100 }, (_, n) => `many/${n}.txt`);
    await Promise.all(keys.map((key) => server.putObject(key, Buffer.from(key))));
    const pages = await Array.fromAsync(listObjects(store, 'many/', { signal }));
    expect(pages.map(({ length }) => length)).toEqual([1000, 100]);
    expect(new Set(pages.flat().map(({ key }) => key))).toEqual(new Set(keys));
    expect(proxy.requests).toHaveLength(2);
    expect(proxy.requests[0]?.url).toContain('fields=nextPageToken');
    const [first] = pages.flat();
    expect(first).toEqual(await store.head(first?.key ?? '', { signal }));
    expect(first).toMatchObject({ size: first?.key.length, etag: expect.stringMatching(/^\d+$/) });
    expect(Math.abs((first?.lastModified ?? 0) - Date.now())).toBeLessThan(600_000);
    // A page may be shorter than it could be.
    proxy.fault = ({ url = '' }) => ({ kind: 'rewrite', url: url.replace('=1000', '=300') });
    const shorter = await Array.fromAsync(listObjects(store, 'many/', { signal }));
    expect(shorter.map(({ length }) => length)).toEqual([300, 300, 300, 200]);
    expect(shorter.flat()).toEqual(pages.flat());
  });

  test('of nothing are empty, of no bucket an error', async () => {
    expect(await store.listPage('nothing/', undefined, { signal })).toEqual({ objects: [] });
    const nowhere = gcsStores.open('gs://nowhere', { endpoint: proxy.endpoint }, 'lake').store;
    await expect(nowhere.listPage('', undefined, { signal })).rejects.toMatchObject({
      code: 'SOURCE.MISSING_OBJECT',
      message: expect.stringContaining('gs://nowhere/'),
    });
    expect(await nowhere.head('key', { signal })).toBeUndefined();
    await nowhere.close();
  });

  test.each(['odd + name [1]%&=é#?.txt', 'a/b/../c', "it's (here)!*~"])('the name %s', async (key) => {
    const { etag } = await put(key, Buffer.from(key));
    expect(Buffer.from(await read(key, [0, Buffer.byteLength(key)], etag)).toString()).toBe(key);
    const { objects } = await store.listPage(key, undefined, { signal });
    expect(objects.map((object) => object.key)).toEqual([key]);
    expect(store.locationOf(key)).toBe(`gs://${server.bucket}/${key}`);
  });
});

describe('reading', () => {
  test('ranges and the rest, one request for each', async () => {
    const { etag } = await put('data.bin', bytes);
    for (const [start, end] of [
      [0, 1],
      [99_999, 100_000],
      [1234, 98_765],
      [0, 100_000],
    ] as const) {
      expect(Buffer.compare(await read('data.bin', [start, end], etag), bytes.subarray(start, end))).toBe(0);
    }
    expect(await streamed(store, 'data.bin', etag)).toEqual(bytes);
    expect(await streamed(store, 'data.bin', etag, 70_000)).toEqual(bytes.subarray(70_000));
    expect(proxy.requests).toHaveLength(6);
    await expect(read('data.bin', [99_998, 100_002], etag)).rejects.toMatchObject({
      code: 'SOURCE.UNREACHABLE',
      message: expect.stringContaining('announces 2 bytes where 4 were asked for'),
    });
    const empty = await put('empty.bin', Buffer.alloc(0));
    expect(await streamed(store, 'empty.bin', empty.etag)).toHaveLength(0);
  });

  test('an object with Content-Encoding gzip is read as it is stored', async () => {
    const stored = gzipSync(bytes);
    const { etag, size } = await put('lines.csv.gz', stored, 'gzip');
    expect(size).toBe(stored.length);
    expect(Buffer.compare(await read('lines.csv.gz', [10, 100], etag), stored.subarray(10, 100))).toBe(0);
    expect(await streamed(store, 'lines.csv.gz', etag)).toEqual(stored);
  });

  test('another content in its place is an error, and so is none', async () => {
    const { etag } = await put('replaced.bin', bytes);
    await put('replaced.bin', Buffer.from(bytes.toReversed()));
    const changed = { code: 'SOURCE.CHANGED_OBJECT', object: `gs://${server.bucket}/replaced.bin` };
    await expect(read('replaced.bin', [0, 10], etag)).rejects.toMatchObject(changed);
    await expect(streamed(store, 'replaced.bin', etag)).rejects.toMatchObject(changed);
    await bucket.file('replaced.bin').delete();
    await expect(read('replaced.bin', [0, 10], etag)).rejects.toMatchObject({
      code: 'SOURCE.MISSING_OBJECT',
    });
    expect(await store.head('replaced.bin', { signal })).toBeUndefined();
  });

  test('a server that does not know generations is found out', async () => {
    const { etag } = await put('replaced.bin', bytes);
    await put('replaced.bin', bytes);
    proxy.fault = ({ url = '' }) => ({ kind: 'rewrite', url: url.replace(/&generation=\d+/, '') });
    await expect(read('replaced.bin', [0, 10], etag)).rejects.toMatchObject({
      code: 'SOURCE.CHANGED_OBJECT',
    });
  });

  test('a range past the end is of another object', async () => {
    const { etag } = await put('short.bin', bytes.subarray(0, 10));
    await expect(read('short.bin', [10, 20], etag)).rejects.toMatchObject({ code: 'SOURCE.CHANGED_OBJECT' });
  });
});

describe('who stops', () => {
  test.each(['read', 'stream', 'list'])('cancels the request: %s', async (what) => {
    const { etag } = await put('data.bin', bytes);
    proxy.fault = () => ({ kind: 'stall' });
    const abort = new AbortController();
    const call = { etag, signal: abort.signal };
    const started: Record<string, () => Promise<unknown>> = {
      read: () => store.read('data.bin', { start: 0, end: 100_000 }, call),
      stream: () => Array.fromAsync(store.stream('data.bin', call)),
      list: () => store.listPage('', undefined, call),
    };
    const running = started[what]?.();
    while (proxy.requests.length === 0) await new Promise(setImmediate);
    const gone = proxy.lost();
    abort.abort();
    await expect(running).rejects.toMatchObject({ code: 'QUERY.CANCELLED' });
    await gone;
  });

  test('in the middle of a stream leaves no connection behind', async () => {
    const { etag } = await put('data.bin', bytes);
    proxy.fault = () => ({ kind: 'stall' });
    for await (const piece of store.stream('data.bin', { etag, signal })) {
      expect(piece.length).toBeGreaterThan(0);
      break;
    }
    await proxy.lost();
  });

  test('closes what is open', async () => {
    for (let n = 0; n < 2; n += 1) await store.listPage('nothing/', undefined, { signal });
    const sockets = new Set(proxy.requests.map(({ socket }) => socket));
    expect(sockets.size).toBe(1);
    const gone = Promise.all([...sockets].map((socket) => once(socket, 'close')));
    await store.close();
    await gone;
    await store.close();
  });
});

const quota = '{"error":{"code":403,"message":"slow","errors":[{"reason":"userRateLimitExceeded"}]}}';

describe('faults', () => {
  test.each<readonly [string, Fault]>([
    ['503', { kind: 'error', status: 503 }],
    ['500', { kind: 'error', status: 500, body: '<html>hunter2</html>' }],
    ['429', { kind: 'error', status: 429 }],
    ['a quota', { kind: 'error', status: 403, body: quota }],
    ['a reset in the middle of the body', { kind: 'reset' }],
    ['a body that stops coming', { kind: 'stall' }],
    ['a body that is shorter than announced', { kind: 'lie', by: 1000 }],
    ['a header that announces less than was asked for', { kind: 'lie', by: -1000 }],
  ])('that pass: %s', async (_, fault) => {
    const { etag } = await put('data.bin', bytes);
    const steady = steadyStore(store, { sourceId: 'lake', retryDelayMs: 1, requestTimeoutMs: 300 });
    const call = { etag, signal };
    const failTwice = (): void => {
      proxy.forget();
      proxy.fault = () => (proxy.requests.length <= 2 ? fault : undefined);
    };
    failTwice();
    const got = await steady.read('data.bin', { start: 7, end: 90_000 }, call);
    expect(Buffer.compare(got, bytes.subarray(7, 90_000))).toBe(0);
    expect(proxy.requests).toHaveLength(3);
    if (fault.kind !== 'lie') {
      failTwice();
      expect(await streamed(steady, 'data.bin', etag)).toEqual(bytes);
      failTwice();
      expect(await steady.head('data.bin', { signal })).toMatchObject({ etag });
    }
    proxy.forget();
    proxy.fault = () => fault;
    const error: unknown = await store
      .read('data.bin', { start: 0, end: 5000 }, { etag, signal: AbortSignal.timeout(300) })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ retryable: true });
    expect(String(error)).not.toContain('hunter2');
    // Trying again is the lake's.
    expect(proxy.requests).toHaveLength(1);
  });

  test.each([
    [401, 'SOURCE.AUTHENTICATION'],
    [403, 'SOURCE.PERMISSION'],
    [412, 'SOURCE.CHANGED_OBJECT'],
    [400, 'SOURCE.QUERY_FAILED'],
  ])('that stay: %i', async (status, code) => {
    const { etag } = await put('data.bin', bytes);
    const body = `{"error":{"code":${status},"message":"Because.","errors":[{"reason":"x"}]}}`;
    proxy.fault = () => ({ kind: 'error', status, body });
    await expect(read('data.bin', [0, 10], etag)).rejects.toMatchObject({
      code,
      retryable: code === 'SOURCE.CHANGED_OBJECT',
      message: expect.stringMatching(/^gs:\/\/lake\/data\.bin: (Because|another object .*)\.$/),
    });
    expect(proxy.requests).toHaveLength(1);
  });
});
