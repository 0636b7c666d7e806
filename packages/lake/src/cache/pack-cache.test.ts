import { mkdir, mkdtemp, readFile, readdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { contentId } from './pack.js';
import { PackCache } from './pack-cache.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'packs-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const size = 10_000;

function bytesOf(name: string): Buffer {
  return Buffer.alloc(size, `${name}.`);
}

function blockOf(name: string): string {
  return contentId('block', name);
}

/** Fetches a pack as staging does: from the cache, or made and taken in. */
async function stage(cache: PackCache, name: string): Promise<'cached' | 'made'> {
  const id = contentId(name);
  const found = await cache.use(id);
  if (found !== undefined) {
    expect(await readFile(found)).toEqual(bytesOf(name));
    await rm(found);
    return 'cached';
  }
  const path = cache.newFile('.parquet');
  await writeFile(path, bytesOf(name));
  const block = { id: blockOf(name), offset: 0, length: size, crc: crc32(bytesOf(name)) };
  await cache.adopt(path, { id, extension: '.parquet', size, blocks: [block] });
  expect(await readFile(path)).toEqual(bytesOf(name));
  await rm(path);
  return 'made';
}

async function packFiles(): Promise<readonly string[]> {
  const names = await readdir(directory, { recursive: true });
  return names.filter((name) => name.endsWith('.parquet'));
}

test('what one process has put in, another one finds, whole or by block', async () => {
  const [one, two] = [
    new PackCache({ directory, maxBytes: 1e6 }),
    new PackCache({ directory, maxBytes: 1e6 }),
  ];
  expect(await stage(one, 'a')).toBe('made');
  expect(await stage(one, 'a')).toBe('cached');
  expect(await stage(two, 'a')).toBe('cached');
  expect(await two.readBlock(blockOf('a'))).toEqual(bytesOf('a'));
  expect(await two.readBlock(blockOf('b'))).toBeUndefined();
});

test('a damaged pack is one that is not there', async () => {
  await stage(new PackCache({ directory, maxBytes: 1e6 }), 'a');
  const [file = ''] = await packFiles();
  const bytes = bytesOf('a');
  bytes[size / 2] = 0;
  await writeFile(join(directory, file), bytes);
  const next = new PackCache({ directory, maxBytes: 1e6 });
  expect(await next.readBlock(blockOf('a'))).toBeUndefined();
  expect(await stage(next, 'a')).toBe('made');
  expect(await stage(next, 'a')).toBe('cached');
});

test('descriptions that are none, and other files, are passed over', async () => {
  const cache = new PackCache({ directory, maxBytes: 1e6 });
  await stage(cache, 'a');
  const folder = (await packFiles())[0]?.slice(0, 2) ?? '';
  await writeFile(join(directory, folder, `${contentId('b')}.json`), '{"size": 1');
  await writeFile(join(directory, folder, 'notes.txt'), '');
  const next = new PackCache({ directory, maxBytes: 1e6 });
  expect(await stage(next, 'b')).toBe('made');
  expect(await stage(next, 'a')).toBe('cached');
});

test('a description that cannot be read just now is left alone', async () => {
  await stage(new PackCache({ directory, maxBytes: 1e6 }), 'a');
  const [pack = ''] = await packFiles();
  const description = join(directory, pack.replace(/parquet$/, 'json'));
  const text = await readFile(description);
  // What reading fails of, whoever reads: root may read anything.
  await rm(description);
  await mkdir(description);
  const next = new PackCache({ directory, maxBytes: 1e6 });
  expect(await next.readBlock(blockOf('a'))).toBeUndefined();
  await rmdir(description);
  await writeFile(description, text);
  expect(await stage(new PackCache({ directory, maxBytes: 1e6 }), 'a')).toBe('cached');
});

test('several processes over one small directory read right bytes, keep to the size and leave nothing in use', async () => {
  const caches = Array.from({ length: 4 }, () => new PackCache({ directory, maxBytes: 8 * size }));
  const work = caches.map(async (cache, process) => {
    for (let n = 0; n < 60; n += 1) await stage(cache, `p${(n * (process + 3) + process) % 20}`);
  });
  await Promise.all(work);
  await stage(new PackCache({ directory, maxBytes: 8 * size }), 'last');
  const files = await packFiles();
  expect(files.filter((name) => name.startsWith('use'))).toEqual([]);
  expect(files.length).toBeLessThanOrEqual(4 * 8);
});
