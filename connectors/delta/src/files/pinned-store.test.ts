import { beforeEach, expect, test } from 'vitest';
import { TributaryError } from '@tributary/connector-sdk';
import type { ObjectStore } from '@tributary/lake';
import { MemoryStore } from '../../test/support/memory-store.js';
import { loggedEtag, pinnedStore } from './pinned-store.js';

const { signal } = new AbortController();
const whole = { start: 0, end: 3 };
let memory: MemoryStore;
let store: ObjectStore;
beforeEach(() => {
  memory = new MemoryStore();
  memory.put('a', 'abc');
  store = pinnedStore(
    memory,
    (key) => new TributaryError('SOURCE.MISSING_OBJECT', { message: `version 1 had ${key}` }),
  );
});

const read = (etag: string) =>
  store.read('a', whole, { etag, signal }).then((bytes) => Buffer.from(bytes).toString());

test('a file of the log is asked for its ETag once', async () => {
  const etag = loggedEtag(3, 0);
  expect([await read(etag), await read(etag)]).toEqual(['abc', 'abc']);
  expect(memory.requests).toEqual(['head a', 'read a', 'read a']);
});

test('who goes away while the ETag is asked for takes nobody along', async () => {
  const leaving = new AbortController();
  const pinned = { etag: loggedEtag(3, 0) };
  const [left, stayed] = [leaving.signal, signal].map((own) =>
    store.read('a', whole, { ...pinned, signal: own }),
  );
  leaving.abort(new Error('left'));
  await expect(left).rejects.toThrow('left');
  expect(Buffer.from((await stayed) ?? []).toString()).toBe('abc');
});

test('other ETags are taken as they are', async () => {
  expect(await read('e1')).toBe('abc');
  await expect(read('e2')).rejects.toMatchObject({ code: 'SOURCE.CHANGED_OBJECT' });
  expect(memory.requests).not.toContain('head a');
});

test('a file that is replaced while it is read is an error, once: it may have come out of a backup', async () => {
  await read(loggedEtag(3, 0));
  memory.put('a', 'xyz');
  await expect(read(loggedEtag(3, 0))).rejects.toMatchObject({ code: 'SOURCE.CHANGED_OBJECT' });
  expect(await read(loggedEtag(3, 0))).toBe('xyz');
});

test('a file of another size than the log says', async () => {
  await expect(read(loggedEtag(4, 0))).rejects.toMatchObject({
    code: 'SOURCE.CORRUPT_DATA',
    message: expect.stringContaining('3 bytes where the log of its Delta table says 4'),
  });
});

test('a file that is gone, before it is read or after', async () => {
  await read(loggedEtag(3, 0));
  memory.objects.clear();
  await expect(read(loggedEtag(3, 0))).rejects.toThrow('version 1 had a');
  await expect(read(loggedEtag(3, 0))).rejects.toThrow('version 1 had a');
  memory.put('a', 'abc');
  expect(await read(loggedEtag(3, 0))).toBe('abc');
});
