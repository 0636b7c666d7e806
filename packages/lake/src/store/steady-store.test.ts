import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TributaryError } from '@tributary/connector-sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { localStore } from './local-store.js';
import type { ObjectStore } from './object-store.js';
import { steadyStore } from './steady-store.js';

const signal = new AbortController().signal;
let root: string;
let etag: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'steady-'));
  await writeFile(join(root, 'x'), Buffer.alloc(1_000_000, 'abcdefg'));
  etag = (await localStore(root, 's').head('x', { signal }))?.etag ?? '';
});
afterAll(() => rm(root, { recursive: true, force: true }));

function broken(code: 'SOURCE.UNREACHABLE' | 'SOURCE.CHANGED_OBJECT'): TributaryError {
  return new TributaryError(code, { message: 'told to' });
}

/** A folder as a store, whose calls fail first with each of the errors. */
function failing(errors: readonly TributaryError[]): ObjectStore {
  const inner = localStore(root, 's');
  const queue = [...errors];
  const fail = (): void => {
    const error = queue.shift();
    if (error !== undefined) throw error;
  };
  return {
    id: inner.id,
    locationOf: (key) => inner.locationOf(key),
    listPage: async (prefix, continuation, call) => {
      fail();
      return inner.listPage(prefix, continuation, call);
    },
    head: async (key, call) => {
      fail();
      return inner.head(key, call);
    },
    read: async (key, range, call) => {
      fail();
      return inner.read(key, range, call);
    },
    async *stream(key, call) {
      for await (const chunk of inner.stream(key, call)) {
        yield chunk;
        fail();
      }
    },
    close: () => inner.close(),
  };
}

test('what passes is tried again, what does not is not', async () => {
  const passing = [broken('SOURCE.UNREACHABLE'), broken('SOURCE.UNREACHABLE')];
  const store = steadyStore(failing(passing), { sourceId: 's', retryDelayMs: 1 });
  const bytes = await store.read('x', { start: 7, end: 14 }, { etag, signal });
  expect(Buffer.from(bytes).toString()).toBe('abcdefg');
  expect(store.traffic()).toEqual({ requests: 3, bytes: 7, retries: 2 });

  const replaced = steadyStore(failing([broken('SOURCE.CHANGED_OBJECT')]), {
    sourceId: 's',
    retryDelayMs: 1,
  });
  await expect(replaced.head('x', { signal })).rejects.toMatchObject({ code: 'SOURCE.CHANGED_OBJECT' });
  expect(replaced.traffic().requests).toBe(1);

  const down = steadyStore(failing(Array.from({ length: 9 }, () => broken('SOURCE.UNREACHABLE'))), {
    sourceId: 's',
    attempts: 3,
    retryDelayMs: 1,
  });
  await expect(down.listPage('', undefined, { signal })).rejects.toMatchObject({
    code: 'SOURCE.UNREACHABLE',
  });
  expect(down.traffic().requests).toBe(3);
});

test('a stream goes on where it broke', async () => {
  const errors = [broken('SOURCE.UNREACHABLE'), broken('SOURCE.UNREACHABLE')];
  const store = steadyStore(failing(errors), { sourceId: 's', retryDelayMs: 1 });
  const pieces: Uint8Array[] = [];
  for await (const piece of store.stream('x', { etag, signal })) pieces.push(piece);
  expect(Buffer.concat(pieces).equals(Buffer.alloc(1_000_000, 'abcdefg'))).toBe(true);
  expect(store.traffic()).toMatchObject({ requests: 3, bytes: 1_000_000, retries: 2 });
});

test('a range past the end, and another content, are errors', async () => {
  const store = steadyStore(localStore(root, 's'), { sourceId: 's', attempts: 1 });
  await expect(store.read('x', { start: 999_999, end: 1_000_005 }, { etag, signal })).rejects.toMatchObject({
    code: 'SOURCE.UNREACHABLE',
    message: expect.stringContaining('1 bytes came where 6 were asked for'),
  });
  await expect(store.read('x', { start: 0, end: 1 }, { etag: 'other', signal })).rejects.toMatchObject({
    code: 'SOURCE.CHANGED_OBJECT',
  });
});

test('only so many requests are in flight', async () => {
  let now = 0;
  let most = 0;
  const inner = localStore(root, 's');
  const watched: ObjectStore = {
    ...failing([]),
    head: async (key, call) => {
      most = Math.max(most, (now += 1));
      const found = await inner.head(key, call);
      now -= 1;
      return found;
    },
  };
  const store = steadyStore(watched, { sourceId: 's', maxRequests: 3 });
  await Promise.all(Array.from({ length: 20 }, () => store.head('x', { signal })));
  expect(most).toBe(3);
});

test('an abort ends the waiting', async () => {
  const control = new AbortController();
  const store = steadyStore(failing(Array.from({ length: 50 }, () => broken('SOURCE.UNREACHABLE'))), {
    sourceId: 's',
    attempts: 50,
    retryDelayMs: 60_000,
  });
  const call = store.head('x', { signal: control.signal });
  setTimeout(() => control.abort(), 20);
  await expect(call).rejects.toMatchObject({ code: 'QUERY.CANCELLED' });
});

test('on a line that is slow for all that is in flight, ranges are waited for as long as bytes come', async () => {
  let line = Promise.resolve();
  const piece = 1024;
  const slow: ObjectStore = {
    ...failing([]),
    read: async (_key, { start, end }, { signal: given, onBytes }) => {
      for (let at = start; at < end; at += piece) {
        line = line.then(() => sleep(10));
        await line;
        given.throwIfAborted();
        onBytes?.();
      }
      return new Uint8Array(end - start);
    },
  };
  const ranges = Array.from({ length: 8 }, (_, n) => ({ start: n * 8 * piece, end: (n + 1) * 8 * piece }));
  // Eight ranges need some 640 ms together, and each has a piece every 80.
  const store = steadyStore(slow, { sourceId: 's', requestTimeoutMs: 400, attempts: 1 });
  expect(await Promise.all(ranges.map((range) => store.read('x', range, { etag, signal })))).toHaveLength(8);
});

test('a range whose bytes stop coming is given up', async () => {
  const stalling: ObjectStore = {
    ...failing([]),
    read: async (_key, _range, { signal: given, onBytes }) => {
      onBytes?.();
      await sleep(60_000, undefined, { signal: given });
      return new Uint8Array(1);
    },
  };
  const store = steadyStore(stalling, { sourceId: 's', requestTimeoutMs: 30, attempts: 2, retryDelayMs: 1 });
  await expect(store.read('x', { start: 0, end: 1 }, { etag, signal })).rejects.toMatchObject({
    code: 'SOURCE.TIMEOUT',
    message: expect.stringContaining('nothing came within 30 ms'),
  });
  expect(store.traffic().requests).toBe(2);
});

/** A store whose stream has two pieces, with so many milliseconds before each. */
function pausing(ms: number): ObjectStore {
  return {
    ...failing([]),
    async *stream(_key, { signal: given }) {
      for (const text of ['ab', 'cd']) {
        await sleep(ms, undefined, { signal: given });
        yield Buffer.from(text);
      }
    },
  };
}

test('a stream waits for who takes its pieces, however long', async () => {
  const store = steadyStore(pausing(1), { sourceId: 's', requestTimeoutMs: 50, attempts: 1 });
  let text = '';
  for await (const piece of store.stream('x', { etag, signal })) {
    await sleep(120);
    text += Buffer.from(piece).toString();
  }
  expect(text).toBe('abcd');
});

test('a stream whose pieces stop coming is given up', async () => {
  const store = steadyStore(pausing(60_000), { sourceId: 's', requestTimeoutMs: 30, attempts: 1 });
  await expect(Array.fromAsync(store.stream('x', { etag, signal }))).rejects.toMatchObject({
    code: 'SOURCE.TIMEOUT',
  });
});
