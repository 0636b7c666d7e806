import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MultisetDigest, bucketOf } from './multiset-digest.js';

function difference(left: readonly string[], right: readonly string[]): number[] {
  const digest = new MultisetDigest();
  for (const key of left) digest.add(key, 1);
  for (const key of right) digest.add(key, -1);
  return digest.differing();
}

describe('MultisetDigest', () => {
  it('does not mind the order', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (keys) => {
        expect(difference(keys, keys.toReversed())).toEqual([]);
      }),
    );
  });

  it('sees a row more, a row less and a row changed, in their buckets', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.string(), fc.string(), (keys, a, b) => {
        fc.pre(a !== b);
        expect(difference([...keys, a], keys)).toEqual([bucketOf(a)]);
        expect(difference(keys, [...keys, a])).toEqual([bucketOf(a)]);
        expect(difference([...keys, a, a], [...keys, a])).toEqual([bucketOf(a)]);
        expect(difference([...keys, a], [b, ...keys])).toEqual(
          [...new Set([bucketOf(a), bucketOf(b)])].toSorted((x, y) => x - y),
        );
      }),
    );
  });

  it('spreads similar keys over the buckets', () => {
    const buckets = new Set(Array.from({ length: 10_000 }, (_, index) => bucketOf(`row ${index}`)));
    expect(buckets.size).toBeGreaterThan(9000);
  });
});
