import { type ColumnStatistics, type Expr, literal, simpleType } from '@tributary/contract';
import { expect, it } from 'vitest';
import type { Profile } from './profile.js';
import { selectivityOfAll } from './selectivity.js';

const varchar = simpleType('varchar');

function shareOfLike(pattern: string, base: ColumnStatistics): number {
  const profile: Profile = {
    rows: 1000,
    columns: new Map([[1, { type: varchar, distinct: 500, nullFraction: 0, bytes: 10, base }]]),
    origin: 'source',
  };
  const like: Expr = {
    kind: 'call',
    fn: '~~',
    args: [{ kind: 'column', id: 1, type: varchar }, literal(varchar, pattern)],
    type: simpleType('boolean'),
  };
  return selectivityOfAll([like], profile);
}

const statistics: ColumnStatistics = {
  mostCommon: [
    { value: 'forest green', fraction: 0.3 },
    { value: 'navy', fraction: 0.2 },
  ],
  histogram: ['almond', 'forest', 'forest snow', 'lace', 'yellow'],
};

it('a prefix passes the common values that begin so, and its part of the others', () => {
  // One of four buckets lies within the prefix, and part of the next; the others are half of all rows.
  expect(shareOfLike('forest%', statistics)).toBeCloseTo(0.3 + 0.5 * 0.25, 1);
  expect(shareOfLike('navy%', statistics)).toBeCloseTo(0.2, 1);
  expect(shareOfLike('zzz%', statistics)).toBeCloseTo(1 / 500, 5);
});

it('a pattern that is no prefix, or of which no statistics tell, passes the default', () => {
  expect(shareOfLike('%forest%', statistics)).toBe(0.1);
  expect(shareOfLike('for_st%', statistics)).toBe(0.1);
  expect(shareOfLike('forest%', { min: 'almond', max: 'yellow' })).toBe(0.1);
});
