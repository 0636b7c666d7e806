import { expect, test } from 'vitest';
import { type DistinctStretch, distinctValues } from './distinct-values.js';

const rows = 1000;

function stretches(count: number, of: (i: number) => Partial<DistinctStretch>): readonly DistinctStretch[] {
  return Array.from({ length: count }, (_, i) => {
    return { values: rows, distinct: rows, min: 0, max: rows, ...of(i) };
  });
}

/** Distinct values that `rows` random draws out of `size` find. */
const found = (size: number): number => size * (1 - (1 - 1 / size) ** rows);

test('ranges that lie apart have values of their own', () => {
  const sorted = stretches(20, (i) => ({ distinct: 400, min: i * rows, max: i * rows + rows - 1 }));
  expect(distinctValues(sorted)).toBeCloseTo(8000);
});

test('stretches of the same range draw from the same values', () => {
  expect(distinctValues(stretches(20, () => ({ distinct: 7 })))).toBeCloseTo(7);
  for (const size of [500, 5000, 10_000]) {
    const guess = distinctValues(stretches(20, () => ({ distinct: found(size) }))) ?? 0;
    // Twenty times as many draws find nearly all of them.
    expect(guess / found20(size)).toBeGreaterThan(0.9);
    expect(guess / found20(size)).toBeLessThan(1.1);
  }
});

const found20 = (size: number): number => size * (1 - (1 - 1 / size) ** (20 * rows));

test('unique in each stretch is unique in all', () => {
  expect(distinctValues(stretches(20, () => ({})))).toBeCloseTo(20 * rows, -1);
});

test('without bounds, ranges count as the same', () => {
  expect(distinctValues(stretches(20, () => ({ distinct: 7, min: undefined })))).toBeCloseTo(7);
});

test('of very many stretches some stand for all', () => {
  const sorted = stretches(6400, (i) => ({ distinct: 400, min: i * rows, max: i * rows + rows - 1 }));
  expect(distinctValues(sorted)).toBeCloseTo(6400 * 400, -1);
  expect(distinctValues(stretches(6400, () => ({ distinct: 7 })))).toBeCloseTo(7);
});

test('nothing is known where most stretches tell nothing, or have no values', () => {
  expect(distinctValues([])).toBeUndefined();
  expect(distinctValues(stretches(3, () => ({ values: 0 })))).toBeUndefined();
  expect(distinctValues(stretches(5, (i) => ({ distinct: i < 2 ? 10 : undefined })))).toBeUndefined();
  expect(distinctValues(stretches(5, (i) => ({ distinct: i < 3 ? 10 : undefined })))).toBeCloseTo(10);
});
