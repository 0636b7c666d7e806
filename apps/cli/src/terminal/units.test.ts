import { expect, it } from 'vitest';
import { progressText } from './progress-line.js';
import { formatBytes, formatDuration, formatRows } from './units.js';

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [999_499, '999 kB'],
  [999_500, '1.0 MB'],
  [12_345_678, '12.3 MB'],
  [3e15, '3000 TB'],
])('%i bytes', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

it.each([
  [0.04, '0.0 ms'],
  [9.94, '9.9 ms'],
  [9.96, '10 ms'],
  [999.6, '1.00 s'],
  [59_994, '59.99 s'],
  [125_000, '2 min 5 s'],
])('%d milliseconds', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

it('counts rows in English', () => {
  expect([0, 1, 12_345].map(formatRows)).toEqual(['0 rows', '1 row', '12,345 rows']);
});

it('names every source in the progress line', () => {
  const sources = new Map([
    ['shop', { rows: 12_345, bytes: 1_200_000 }],
    ['lake', { rows: 0, bytes: 0 }],
  ]);
  expect(progressText(sources, 400)).toBe('shop 12,345 rows 1.2 MB · lake 0 rows 0 B · 400 ms');
});
