import { expect, it } from 'vitest';
import { parseDuration } from './duration.js';

it.each([
  ['500ms', 500],
  ['1500', 1500],
  ['30s', 30_000],
  ['1.5m', 90_000],
  ['2 h', 7_200_000],
])('%s is %i milliseconds', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

it.each(['', 'soon', '-1s', '0', '5 days'])('%j is refused', (text) => {
  expect(() => parseDuration(text)).toThrow(/not a duration/);
});
