import { expect, test } from 'vitest';
import { satisfies } from './version-range.js';

test.each([
  ['1.0', '^1.0', true],
  ['1.3', '^1.0', true],
  ['1.3', '^1.4', false],
  ['2.0', '^1.0', false],
  ['1.3', '1.3', true],
  ['1.3', '1.2', true],
  ['1.3', '1.4', false],
  ['1.3', '=1.2', false],
  ['1.3', '1', true],
  ['1.3', '=1.3', true],
  ['1.3', '^1.2.0', true],
  ['2.1', '>=1.2 <3.0', true],
  ['3.0', '>=1.2 <3.0', false],
  ['1.1', '>=1.2 <3.0', false],
  ['2.0', '^1.2 || ^2.0', true],
  ['1.1', '^1.2 || ^2.0', false],
  ['1.10', '>=1.9', true],
])('%s in %s: %s', (version, range, expected) => {
  expect(satisfies(version, range)).toBe(expected);
});

test.each(['', 'one', '~1.0', '^1.x', '1.0 || ', '>= 1.0', '^1.0-beta'])('%j is no range', (range) => {
  expect(satisfies('1.0', range)).toBeUndefined();
});
