import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { blockBytes, blocksOf, requestsFor, runsOf } from './requests.js';

function stretch(from: number, length: number): ReturnType<typeof blocksOf> {
  return blocksOf({ from, to: from, length }, (start, end) => `${start}-${end}`);
}

test('blocks are known by their bytes, however the stretch around them was cut', () => {
  const ids = (from: number, length: number): readonly string[] =>
    blocksOf({ from, to: 4, length }, (start, end) => `${start}-${end}`).map(({ id }) => id);
  expect(ids(10, blockBytes + 5)).toEqual([`10-${10 + blockBytes}`, `${10 + blockBytes}-${15 + blockBytes}`]);
  expect(ids(10, 5)).not.toEqual(ids(10, 6));
});

test('neighbours are one request, far ones are two, and a small gap is read where it is little beside the rest', () => {
  const spans = (...blocks: readonly (readonly [number, number])[]): readonly unknown[] =>
    requestsFor(blocks.flatMap(([from, length]) => stretch(from, length))).map(({ start, end }) => [
      start,
      end,
    ]);
  expect(spans([0, 1000], [1000, 500])).toEqual([[0, 1500]]);
  expect(spans([0, 1000], [1_000_000, 500])).toEqual([
    [0, 1000],
    [1_000_000, 1_000_500],
  ]);
  expect(spans([0, 1_000_000], [1_010_000, 1_000_000])).toEqual([[0, 2_010_000]]);
  expect(spans([0, 1000], [2000, 1000])).toEqual([
    [0, 1000],
    [2000, 3000],
  ]);
});

test('blocks that stay neighbours are one write', () => {
  const block = (start: number, end: number, to: number) => ({ id: '', start, end, to });
  expect(runsOf([block(0, 10, 4), block(10, 15, 14), block(20, 25, 19), block(25, 30, 40)])).toEqual([
    { start: 0, end: 15, to: 4 },
    { start: 20, end: 25, to: 19 },
    { start: 25, end: 30, to: 40 },
  ]);
});

test('every byte that is wanted comes once, in bounded requests, and little else comes', () => {
  const gapsAndLengths = fc.array(fc.tuple(fc.nat(200_000), fc.integer({ min: 1, max: 3 * blockBytes })), {
    minLength: 1,
    maxLength: 20,
  });
  fc.assert(
    fc.property(gapsAndLengths, (pairs) => {
      let at = 0;
      const blocks = pairs.flatMap(([gap, length]) => {
        const own = stretch(at + gap, length);
        at += gap + length;
        return own;
      });
      const requests = requestsFor(blocks);
      const served = requests.flatMap((request) => request.blocks);
      expect(served.map(({ id }) => id).toSorted()).toEqual(blocks.map(({ id }) => id).toSorted());
      for (const { start, end, blocks: inside } of requests) {
        expect(end - start).toBeLessThanOrEqual(blockBytes);
        for (const block of inside) expect(block.start >= start && block.end <= end).toBe(true);
      }
      const wanted = pairs.reduce((sum, [, length]) => sum + length, 0);
      const fetched = requests.reduce((sum, { start, end }) => sum + end - start, 0);
      expect(fetched).toBeLessThanOrEqual(wanted * 1.05);
    }),
  );
});
