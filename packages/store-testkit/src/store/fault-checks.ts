import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { steadyStore } from '@tributary/lake';
import type { Fault } from '../proxy/fault.js';
import { type StoreTest, bytes, signal, streamed } from './store-subject.js';

/** What is over when the request is made again. */
const passing: readonly (readonly [string, Fault])[] = [
  ['503', { kind: 'error', status: 503, code: 'Busy' }],
  ['500', { kind: 'error', status: 500, code: 'Broken', body: '<html>hunter2</html>' }],
  ['429', { kind: 'error', status: 429, code: 'Slower' }],
  ['a reset in the middle of the body', { kind: 'reset' }],
  ['a body that stops coming', { kind: 'stall' }],
  ['a body that is shorter than announced', { kind: 'lie', by: 1000 }],
  ['a header that announces less than was asked for', { kind: 'lie', by: -1000 }],
];

/** Answers of 2xx that are none to what was asked. */
const misplaced: readonly (readonly [string, Fault])[] = [
  ['the whole object', { kind: 'whole', object: bytes }],
  ['another part', { kind: 'elsewhere', by: 1 }],
];

/** By status alone: the code is none that a store knows. */
const staying = [
  [401, 'SOURCE.AUTHENTICATION'],
  [403, 'SOURCE.PERMISSION'],
  [412, 'SOURCE.CHANGED_OBJECT'],
  [400, 'SOURCE.QUERY_FAILED'],
] as const;

export function faultChecks(test: StoreTest): void {
  for (const [name, fault] of passing) {
    test(`what passes is left to who tries again: ${name}`, async ({ store, proxy, put }) => {
      const etag = await put('data.bin', bytes);
      const steady = steadyStore(store, { sourceId: 'far', retryDelayMs: 1, requestTimeoutMs: 300 });
      const failTwice = (): void => {
        proxy.forget();
        proxy.failFirst(2, fault);
      };
      failTwice();
      const got = await steady.read('data.bin', { start: 7, end: 90_000 }, { etag, signal });
      assert.equal(Buffer.compare(got, bytes.subarray(7, 90_000)), 0);
      assert.equal(proxy.requests.length, 3);
      // The length of a whole object is told by nothing but the header.
      if (fault.kind !== 'lie') {
        failTwice();
        assert.equal(Buffer.compare(await streamed(steady, 'data.bin', etag), bytes), 0);
        failTwice();
        const { objects } = await steady.listPage('data.bin', undefined, { signal });
        assert.deepEqual(
          objects.map(({ key }) => key),
          ['data.bin'],
        );
      }
      if (fault.kind === 'error') {
        failTwice();
        assert.equal((await steady.head('data.bin', { signal }))?.etag, etag);
      }
      proxy.forget();
      proxy.fault = () => fault;
      const call = { etag, signal: AbortSignal.timeout(300) };
      const error: unknown = await store
        .read('data.bin', { start: 0, end: 5000 }, call)
        .catch((reason: unknown) => reason);
      assert.ok(error instanceof Error && 'retryable' in error && error.retryable === true, inspect(error));
      assert.ok(!inspect(error, { depth: 9 }).includes('hunter2'));
      // The store itself does not try again.
      assert.equal(proxy.requests.length, 1);
    });
  }

  for (const [name, fault] of misplaced) {
    test(`bytes that were not asked for are not taken for those that were: ${name}`, async ({
      store,
      proxy,
      put,
    }) => {
      const etag = await put('data.bin', bytes);
      const steady = steadyStore(store, { sourceId: 'far', retryDelayMs: 1 });
      for (let n = 0; n < 2; n += 1) {
        proxy.forget();
        const faults: Fault[] = [{ kind: 'reset' }, fault];
        proxy.fault = () => faults.shift();
        assert.equal(Buffer.compare(await streamed(steady, 'data.bin', etag), bytes), 0);
        assert.equal(proxy.requests.length, 3);
        proxy.forget();
        proxy.failFirst(1, fault);
        const got = await steady.read('data.bin', { start: 7, end: 90_000 }, { etag, signal });
        assert.equal(Buffer.compare(got, bytes.subarray(7, 90_000)), 0);
        assert.equal(proxy.requests.length, 2);
      }
    });
  }

  test('a body that comes slowly, but comes, is waited for', async ({ store, proxy, put }) => {
    const etag = await put('data.bin', bytes);
    const steady = steadyStore(store, { sourceId: 'far', attempts: 1, requestTimeoutMs: 600 });
    proxy.fault = () => ({ kind: 'trickle', everyMs: 100 });
    const got = await steady.read('data.bin', { start: 0, end: 100_000 }, { etag, signal });
    assert.equal(Buffer.compare(got, bytes), 0);
    assert.equal(Buffer.compare(await streamed(steady, 'data.bin', etag), bytes), 0);
    assert.equal(proxy.requests.length, 2);
  });

  for (const [status, code] of staying) {
    test(`what stays is one request and its error: ${status}`, async ({ store, proxy, root, put }) => {
      const etag = await put('data.bin', bytes);
      proxy.fault = () => ({ kind: 'error', status, code: 'Because' });
      const error: unknown = await store
        .read('data.bin', { start: 0, end: 10 }, { etag, signal })
        .catch((reason: unknown) => reason);
      assert.ok(error instanceof Error && error.message.startsWith(`${root}/data.bin: `), inspect(error));
      assert.ok('code' in error && 'retryable' in error && 'sourceId' in error);
      const { retryable, sourceId } = error;
      assert.deepEqual(
        { code: error.code, retryable, sourceId },
        { code, retryable: code === 'SOURCE.CHANGED_OBJECT', sourceId: 'far' },
      );
      assert.equal(proxy.requests.length, 1);
    });
  }
}
