import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { type StoreTest, bytes, etagOf, signal, streamed } from './store-subject.js';

export function readingChecks(test: StoreTest): void {
  test('ranges, and the rest from some byte on, one request for each', async ({ store, proxy, put }) => {
    const etag = await put('data.bin', bytes);
    for (const [start, end] of [
      [0, 1],
      [99_999, 100_000],
      [1234, 98_765],
      [0, 100_000],
    ] as const) {
      const got = await store.read('data.bin', { start, end }, { etag, signal });
      assert.equal(Buffer.compare(got, bytes.subarray(start, end)), 0);
    }
    assert.equal(Buffer.compare(await streamed(store, 'data.bin', etag), bytes), 0);
    const rest = await streamed(store, 'data.bin', etag, 70_000);
    assert.equal(Buffer.compare(rest, bytes.subarray(70_000)), 0);
    assert.equal(proxy.requests.length, 6);
  });

  test('a range finds room in a larger buffer', async ({ store, put }) => {
    const etag = await put('data.bin', bytes);
    const into = Buffer.alloc(5000, 255);
    const got = await store.read('data.bin', { start: 10, end: 4010 }, { etag, signal, into });
    assert.equal(Buffer.compare(got, bytes.subarray(10, 4010)), 0);
    assert.equal(got.buffer, into.buffer);
    assert.equal(Buffer.compare(into.subarray(4000), Buffer.alloc(1000, 255)), 0);
  });

  test('an object of no bytes', async ({ store, put }) => {
    assert.equal((await streamed(store, 'empty.bin', await put('empty.bin', Buffer.alloc(0)))).length, 0);
  });

  test('a range past the end is an error', async ({ store, put }) => {
    const etag = await put('short.bin', bytes.subarray(0, 10));
    await assert.rejects(store.read('short.bin', { start: 8, end: 12 }, { etag, signal }), {
      code: 'SOURCE.UNREACHABLE',
      message: /announces 2 bytes where 4 were asked for/,
    });
    // An object that is shorter than was said is not the one.
    await assert.rejects(store.read('short.bin', { start: 20, end: 30 }, { etag, signal }), {
      code: 'SOURCE.CHANGED_OBJECT',
    });
  });

  test('an object with Content-Encoding gzip is read as it is stored', async ({ store, putGzip }) => {
    const stored = gzipSync(bytes);
    await putGzip('lines.csv.gz', stored);
    const etag = await etagOf(store, 'lines.csv.gz');
    assert.equal((await store.head('lines.csv.gz', { signal }))?.size, stored.length);
    const some = await store.read('lines.csv.gz', { start: 10, end: 100 }, { etag, signal });
    assert.equal(Buffer.compare(some, stored.subarray(10, 100)), 0);
    assert.equal(Buffer.compare(await streamed(store, 'lines.csv.gz', etag), stored), 0);
  });

  test('another content in its place is an error, and so is none', async ({ store, root, put, remove }) => {
    const etag = await put('pinned.bin', bytes);
    await put('pinned.bin', Buffer.from(bytes.toReversed()));
    const read = (): Promise<Uint8Array> => store.read('pinned.bin', { start: 0, end: 10 }, { etag, signal });
    const changed = { code: 'SOURCE.CHANGED_OBJECT', object: `${root}/pinned.bin`, retryable: true };
    await assert.rejects(read, changed);
    await assert.rejects(streamed(store, 'pinned.bin', etag), changed);
    await remove('pinned.bin');
    // An object that is not there does not meet a condition either.
    await assert.rejects(read, { code: /^SOURCE\.(MISSING|CHANGED)_OBJECT$/ });
    assert.equal(await store.head('pinned.bin', { signal }), undefined);
  });
}
