import { expect, test } from 'vitest';
import { lakeOptions } from './options.js';

test('options of stores are refused for folders, and half a pair of keys', () => {
  const isValid = (options: object): boolean => lakeOptions.safeParse(options).success;
  expect(isValid({ root: './data' })).toBe(true);
  expect(isValid({ root: './data', freshnessMs: 1 })).toBe(false);
  expect(isValid({ root: 's3://b/p', freshnessMs: 1, s3: { anonymous: true } })).toBe(true);
  expect(isValid({ root: 's3:', s3: {} })).toBe(false);
  expect(isValid({ root: 's3://b', s3: { accessKeyId: 'k' } })).toBe(false);
});
