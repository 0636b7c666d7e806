import { describe, expect, test } from 'vitest';
import { parseIntervalText } from './interval-text.js';

describe('intervals', () => {
  test.each([
    ['1 month', { months: 1, days: 0, micros: 0n }],
    ['-1 years', { months: -12, days: 0, micros: 0n }],
    ['-00:00:00.5', { months: 0, days: 0, micros: -500_000n }],
    ['2562047788:00:54.775807', { months: 0, days: 0, micros: 9_223_372_036_854_775_807n }],
  ])('%s', (text, parts) => {
    expect(parseIntervalText(text)).toEqual(parts);
  });

  test.each(['1 fortnight', 'x days', '1'])('%s is not one', (text) => {
    expect(parseIntervalText(text)).toBeUndefined();
  });
});
