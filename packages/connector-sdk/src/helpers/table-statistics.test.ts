import { expect, test } from 'vitest';
import { tableStatistics } from './table-statistics.js';

test('figures by column', () => {
  const id = { distinct: 5, nullFraction: 0.5, averageBytes: 8, min: '1', max: '9' };
  expect(tableStatistics({ rows: 10, bytes: 100, columns: { id } })).toEqual({
    rows: 10,
    bytes: 100,
    columns: new Map([['id', id]]),
    origin: 'source',
  });
});

test('what cannot be is left out', () => {
  const id = { distinct: -1, nullFraction: 1.5, averageBytes: Number.NaN, min: '1' };
  expect(tableStatistics({ rows: 1, bytes: Number.POSITIVE_INFINITY, columns: { id } })).toEqual({
    rows: 1,
    columns: new Map([['id', { min: '1' }]]),
    origin: 'source',
  });
});

test.each([-1, Number.NaN])('%d rows are no statistics', (rows) => {
  expect(tableStatistics({ rows })).toBeUndefined();
});
