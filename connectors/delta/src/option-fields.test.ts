import { expect, test } from 'vitest';
import { deltaFields } from './option-fields.js';
import { deltaOptions } from './options.js';

test('every option has a field, and every field is an option', () => {
  expect(Object.keys(deltaFields).toSorted()).toEqual(Object.keys(deltaOptions.shape).toSorted());
});

test.each([
  { path: '../x' },
  { path: 'a', version: -1 },
  { path: 'a', version: 1, timestamp: '2026-01-01' },
  {},
])('a table with %j is refused', (table) => {
  expect(deltaOptions.safeParse({ root: '.', tables: { t: table } }).success).toBe(false);
});

test('a root that is no folder is refused', () => {
  expect(deltaOptions.safeParse({ root: 's3://bucket/tables' }).success).toBe(false);
});
