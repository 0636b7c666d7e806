import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type StoreTest, bytes, signal } from './store-subject.js';

export function stoppingChecks(test: StoreTest): void {
  for (const what of ['read', 'stream', 'list'] as const) {
    test(`an abort ends a call and its connection: ${what}`, async ({ store, proxy, put }) => {
      const etag = await put('data.bin', bytes);
      proxy.fault = () => ({ kind: 'stall' });
      const abort = new AbortController();
      const call = { etag, signal: abort.signal };
      const start = {
        read: () => store.read('data.bin', { start: 0, end: bytes.length }, call),
        stream: () => Array.fromAsync(store.stream('data.bin', call)),
        list: () => store.listPage('', undefined, call),
      };
      const running = assert.rejects(start[what](), { code: 'QUERY.CANCELLED' });
      while (proxy.requests.length === 0) await new Promise(setImmediate);
      const gone = proxy.lost();
      abort.abort();
      await running;
      await gone;
    });
  }

  test('an abort in the middle of a stream ends it, and calls that come after it', async ({ store, put }) => {
    const long = Buffer.alloc(20_000_000, 'x');
    const abort = new AbortController();
    const call = { etag: await put('long.bin', long), signal: abort.signal };
    let received = 0;
    const streaming = async (): Promise<void> => {
      for await (const chunk of store.stream('long.bin', call)) {
        received += chunk.length;
        abort.abort();
      }
    };
    await assert.rejects(streaming, { code: 'QUERY.CANCELLED' });
    assert.ok(received > 0 && received < long.length);
    const cancelled = { code: 'QUERY.CANCELLED' };
    await assert.rejects(store.read('long.bin', { start: 0, end: 10 }, call), cancelled);
    await assert.rejects(store.head('long.bin', call), cancelled);
    await assert.rejects(store.listPage('', undefined, call), cancelled);
  });

  test('who leaves in the middle of a stream leaves no connection behind', async ({ store, proxy, put }) => {
    const etag = await put('data.bin', bytes);
    proxy.fault = () => ({ kind: 'stall' });
    for await (const piece of store.stream('data.bin', { etag, signal })) {
      assert.ok(piece.length > 0);
      break;
    }
    await proxy.lost();
  });

  test('calls share a connection until the store is closed', async ({ store, proxy }) => {
    for (let n = 0; n < 2; n += 1) await store.listPage('nothing/', undefined, { signal });
    const sockets = new Set(proxy.requests.map(({ socket }) => socket));
    assert.equal(sockets.size, 1);
    const gone = Promise.all([...sockets].map((socket) => once(socket, 'close')));
    await store.close();
    await gone;
    await store.close();
  });
}
