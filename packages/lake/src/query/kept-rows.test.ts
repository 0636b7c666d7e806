import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { keptRows } from './kept-rows.js';

test('row numbers move up where row groups were dropped', () => {
  expect(keptRows([0, 9, 10, 25, 29], [10, 10, 10], [0, 2])).toEqual([0, 9, 15, 19]);
  expect(keptRows([0, 9, 10, 25], [10, 10, 10], undefined)).toEqual([0, 9, 10, 25]);
});

test('what is left of a file is the same, whichever row groups were read', () => {
  const groups = fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.boolean()), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(groups, fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }), (list, isDeleted) => {
      const rows = list.flatMap(([count], group) => Array.from({ length: count }, () => group));
      const deleted = rows.flatMap((_, row) => (isDeleted[row] === true ? [row] : []));
      const kept = list.flatMap(([, isKept], group) => (isKept ? [group] : []));
      const slim = rows.map((group, row) => ({ group, row })).filter(({ group }) => kept.includes(group));
      const numbers = keptRows(
        deleted,
        list.map(([count]) => count),
        kept,
      );
      expect(slim.flatMap(({ row }, at) => (numbers.includes(at) ? [row] : []))).toEqual(
        deleted.filter((row) => kept.includes(rows[row] ?? -1)),
      );
    }),
  );
});
