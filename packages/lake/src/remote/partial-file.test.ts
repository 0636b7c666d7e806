import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PartialFile, smallBytes } from './partial-file.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'partial-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('pieces in any order, small ones and large ones, make up the file', async () => {
  const length = fc.oneof(
    { arbitrary: fc.nat(5000), weight: 9 },
    { arbitrary: fc.integer({ min: smallBytes - 1, max: smallBytes * 2 }), weight: 1 },
  );
  const pieces = fc.array(fc.tuple(length, fc.nat()), { minLength: 1, maxLength: 60 });
  let files = 0;
  await fc.assert(
    fc.asyncProperty(pieces, async (drawn) => {
      let at = 0;
      const placed = drawn.map(([size, order], index) => {
        const piece = { id: String(index), bytes: Buffer.alloc(size, `${index},`), offset: at, order };
        at += size;
        return piece;
      });
      const file = await PartialFile.create(join(folder, String((files += 1))));
      const shuffled = placed.toSorted((a, b) => a.order - b.order);
      for (const { id, bytes, offset } of shuffled) await file.write(id, bytes, offset);
      await file.close();
      expect(file.size).toBe(at);
      const expected = Buffer.concat(placed.map(({ bytes }) => bytes));
      expect((await readFile(file.path)).equals(expected)).toBe(true);
      expect(file.blocks).toEqual(
        shuffled.map(({ id, bytes, offset }) => ({ id, offset, length: bytes.length, crc: crc32(bytes) })),
      );
      await rm(file.path);
    }),
    { numRuns: 30 },
  );
});
