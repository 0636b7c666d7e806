import assert from 'node:assert/strict';
import { listObjects } from '@tributary/lake';
import { type StoreBench, type StoreTest, signal, streamed } from './store-subject.js';

const atATime = 100;

async function putNames({ server }: StoreBench, keys: readonly string[]): Promise<void> {
  for (let at = 0; at < keys.length; at += atATime) {
    const some = keys.slice(at, at + atATime);
    await Promise.all(some.map((key) => server.putObject(key, Buffer.from(key))));
  }
}

export function listingChecks(test: StoreTest): void {
  test('a listing comes in pages, and whole, with one request for each', async (bench) => {
    const { store, proxy, pageSize } = bench;
    const keys = Array.from({ length: pageSize + 2 }, (_, n) => `many/${String(n).padStart(5, '0')}`);
    await (bench.fill === undefined ? putNames(bench, keys) : bench.fill(keys));
    const pages = await Array.fromAsync(listObjects(store, 'many/', { signal }));
    assert.deepEqual(
      pages.map(({ length }) => length),
      [pageSize, 2],
    );
    const listed = pages.flat();
    assert.deepEqual(listed.map(({ key }) => key).toSorted(), keys);
    assert.equal(proxy.requests.length, 2);
  });

  test('a listing says what a head says, of hostile names too', async (bench) => {
    const { store, root } = bench;
    const names = ['odd/a b', 'odd/ü%20?#&=+[1]', 'odd/deep/er/x', `odd/it's (here)!*~`, `odd/'"<>`];
    await putNames(bench, names);
    const { objects, next } = await store.listPage('odd/', undefined, { signal });
    assert.equal(next, undefined);
    assert.deepEqual(objects.map(({ key }) => key).toSorted(), names.toSorted());
    for (const object of objects) {
      const { key, etag, size, lastModified } = object;
      assert.deepEqual(await store.head(key, { signal }), object);
      assert.equal(size, Buffer.byteLength(key));
      assert.ok(Math.abs(lastModified - Date.now()) < 600_000);
      assert.equal((await streamed(store, key, etag)).toString(), key);
      assert.equal(store.locationOf(key), `${root}/${key}`);
    }
  });

  test('a listing of nothing is empty, one of no bucket an error', async ({ store, open, root }) => {
    assert.deepEqual(await store.listPage('nothing/', undefined, { signal }), { objects: [] });
    const nowhere = open('nowhere');
    try {
      await assert.rejects(nowhere.listPage('', undefined, { signal }), {
        code: 'SOURCE.MISSING_OBJECT',
        object: `${root.slice(0, root.indexOf('//'))}//nowhere/`,
      });
      assert.equal(await nowhere.head('key', { signal }), undefined);
    } finally {
      await nowhere.close();
    }
  });
}
