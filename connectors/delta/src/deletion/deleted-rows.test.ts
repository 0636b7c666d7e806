import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { MemoryStore } from '../../test/support/memory-store.js';
import type { DeletedRows } from '@tributary/lake';
import type { AddFile, DeletionVector } from '../log/actions.js';
import { decodeBase85 } from './base85.js';
import { deletedRows } from './deleted-rows.js';

const inline = '^Bg9^0rr910000000000iXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L';
const bitmap = decodeBase85(inline).subarray(0, 44);
const rows = [3, 4, 7, 11, 18, 29];
const { signal } = new AbortController();
const relative: DeletionVector = {
  storageType: 'u',
  pathOrInlineDv: 'ab^-aqEH.-t@S}K{vb[*k^',
  offset: 1,
  sizeInBytes: 44,
  cardinality: 6,
};
const file = 'root/t/ab/deletion_vector_d2c639aa-8816-431a-aaf6-d3fe2512ff61.bin';

const store = new MemoryStore();
const place = { sourceId: 'lake', store, prefix: 'root/t/', rootPrefix: 'root/' };

function read(vector: DeletionVector): Promise<readonly number[]> {
  return open(vector).rows(signal);
}

function open(vector: DeletionVector): DeletedRows {
  const add: AddFile = {
    path: 'a.parquet',
    size: 1,
    modificationTime: 0,
    partitionValues: new Map(),
    stats: undefined,
    deletionVector: vector,
  };
  return deletedRows(add, vector, place);
}

function put(checksum = crc32(bitmap), size = bitmap.length): void {
  const bytes = Buffer.alloc(1 + 4 + 44 + 4);
  bytes.writeUInt8(1, 0);
  bytes.writeInt32BE(size, 1);
  bytes.set(bitmap, 5);
  bytes.writeUInt32BE(checksum, 49);
  store.put(file, bytes);
}

describe('where a deletion vector stands', () => {
  test('in the log', async () => {
    const vector = { ...relative, storageType: 'i', pathOrInlineDv: inline, offset: undefined };
    expect(await read(vector)).toEqual(rows);
  });

  test('in a file by its UUID', async () => {
    put();
    expect(await read(relative)).toEqual(rows);
  });

  test('is read once while somebody has it', async () => {
    put();
    const deleted = open(relative);
    const first = await deleted.rows(signal);
    store.requests.length = 0;
    expect(await deleted.rows(signal)).toBe(first);
    expect(store.requests).toEqual([]);
  });

  test('in a file by its absolute path', async () => {
    put();
    expect(await read({ ...relative, storageType: 'p', pathOrInlineDv: `mem://${file}` })).toEqual(rows);
  });
});

describe('a damaged deletion vector is never no deletion vector', () => {
  test.each([
    ['its checksum', () => put(1), relative, 'checksum'],
    ['its length', () => put(undefined, 43), relative, '43 bytes'],
    ['its number of rows', () => put(), { ...relative, cardinality: 5 }, '6 rows'],
    ['its end', () => store.put(file, Buffer.alloc(20)), relative, 'cut short'],
    ['its kind', () => put(), { ...relative, storageType: 'x' }, 'storage type is "x"'],
  ])('%s', async (_, prepare, vector, why) => {
    prepare();
    await expect(read(vector)).rejects.toMatchObject({
      code: 'SOURCE.CORRUPT_DATA',
      message: expect.stringContaining(why),
    });
  });

  test('its file is gone', async () => {
    store.objects.clear();
    await expect(read(relative)).rejects.toMatchObject({
      code: 'SOURCE.MISSING_OBJECT',
      object: `mem://${file}`,
    });
  });

  test.each(['../../other/', 'mem://other/'])('a folder %s is outside of the source', async (folder) => {
    const vector = { ...relative, pathOrInlineDv: `${folder}${relative.pathOrInlineDv.slice(2)}` };
    await expect(read(vector)).rejects.toMatchObject({ code: 'SOURCE.PERMISSION' });
  });

  test.each(['mem://other/x.bin', 'mem://root/../x.bin', '/elsewhere/x.bin'])(
    '%s is outside of the source',
    async (path) => {
      await expect(read({ ...relative, storageType: 'p', pathOrInlineDv: path })).rejects.toMatchObject({
        code: 'SOURCE.PERMISSION',
      });
    },
  );
});
