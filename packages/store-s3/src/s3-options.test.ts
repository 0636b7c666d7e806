import { expect, test } from 'vitest';
import { parseS3Url, s3Fields, s3Options } from './s3-options.js';

test.each([
  ['s3://bucket', { bucket: 'bucket', prefix: '' }],
  ['s3://bucket/', { bucket: 'bucket', prefix: '' }],
  ['s3://bucket/a/b/', { bucket: 'bucket', prefix: 'a/b' }],
  ['s3://bucket/a b', { bucket: 'bucket', prefix: 'a b' }],
  ['s3://', undefined],
  ['/folder', undefined],
  ['folder/s3://x', undefined],
])('%s', (url, expected) => {
  expect(parseS3Url(url)).toEqual(expected);
});

test('half a pair of keys is refused', () => {
  expect(s3Options.safeParse({ accessKeyId: 'k' }).success).toBe(false);
});

test('an endpoint is a URL of the web: of `localhost:9000`, the host would be a scheme', () => {
  const isValid = (endpoint: string): boolean => s3Options.safeParse({ endpoint }).success;
  expect(['http://localhost:9000', 'https://minio/', 'localhost:9000', 'ftp://host'].map(isValid)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test('every option has a field', () => {
  expect(Object.keys(s3Fields).toSorted()).toEqual(Object.keys(s3Options.shape).toSorted());
});
