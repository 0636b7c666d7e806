import { expect, test } from 'vitest';
import { failureOf } from './s3-failure.js';

test.each([
  ['ExpiredToken', 400, 'authentication'],
  ['InvalidRegionName', 400, 'authentication'],
  ['InvalidAccessKeyId', 403, 'authentication'],
  ['XAdminUserNotFound', 404, 'authentication'],
  ['AccessDenied', 403, 'permission'],
  ['NoSuchKey', 404, 'missing'],
  ['PreconditionFailed', 412, 'changed'],
  ['InvalidRange', 416, 'changed'],
  ['SlowDown', 503, 'passing'],
  ['SomethingNew', 500, 'passing'],
  ['SomethingNew', 429, 'passing'],
  ['SomethingNew', 400, 'rejected'],
])('%s with %i: %s', (name, httpStatusCode, failure) => {
  expect(failureOf(Object.assign(new Error('x'), { name, $metadata: { httpStatusCode } }))).toBe(failure);
});

test('an error without an answer is none of the store', () => {
  expect(failureOf(Object.assign(new Error('x'), { $metadata: {} }))).toBeUndefined();
  expect(failureOf('x')).toBeUndefined();
});
