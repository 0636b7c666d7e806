import { expect, test } from 'vitest';
import { gcsFields, gcsOptions, parseGcsUrl } from './gcs-options.js';

test.each([
  ['gs://bucket', { bucket: 'bucket', prefix: '' }],
  ['gs://bucket/', { bucket: 'bucket', prefix: '' }],
  ['gs://bucket/a/b/', { bucket: 'bucket', prefix: 'a/b' }],
  ['gs://bucket/a b', { bucket: 'bucket', prefix: 'a b' }],
  ['gs://', undefined],
  ['gcs://bucket', undefined],
  ['/folder', undefined],
  ['folder/gs://x', undefined],
])('%s', (url, expected) => {
  expect(parseGcsUrl(url)).toEqual(expected);
});

test('only one way to ask', () => {
  const isValid = (options: object): boolean => gcsOptions.safeParse(options).success;
  const credentials = { client_email: 'a@b', private_key: 'k' };
  expect(isValid({})).toBe(true);
  expect(isValid({ credentials, anonymous: false })).toBe(true);
  expect(isValid({ credentials, keyFilename: 'key.json' })).toBe(false);
  expect(isValid({ credentials, anonymous: true })).toBe(false);
  expect(isValid({ credentials: { client_email: 'a@b' } })).toBe(false);
});

test('an endpoint is a URL of the web: of `localhost:9000`, the host would be a scheme', () => {
  const isValid = (endpoint: string): boolean => gcsOptions.safeParse({ endpoint }).success;
  expect(['http://localhost:9000', 'https://minio/', 'localhost:9000', 'ftp://host'].map(isValid)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test('every option has a field', () => {
  const fields = new Set(Object.keys(gcsFields).map((key) => key.split('.')[0]));
  expect([...fields].toSorted()).toEqual(Object.keys(gcsOptions.shape).toSorted());
});
