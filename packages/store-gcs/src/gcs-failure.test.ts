import { expect, test } from 'vitest';
import { failureOf, failureOfAnswer } from './gcs-failure.js';

test.each([
  [401, ['authError'], 'authentication'],
  [403, ['forbidden'], 'permission'],
  [403, ['rateLimitExceeded'], 'passing'],
  [403, ['userRateLimitExceeded'], 'passing'],
  [404, ['notFound'], 'missing'],
  [412, ['conditionNotMet'], 'changed'],
  [416, ['requestedRangeNotSatisfiable'], 'changed'],
  [408, [], 'passing'],
  [429, ['rateLimitExceeded'], 'passing'],
  [503, ['backendError'], 'passing'],
  [400, ['userProjectMissing'], 'rejected'],
  [302, [], 'rejected'],
])('%i %s: %s', (status, reasons, failure) => {
  expect(failureOfAnswer(status, reasons)).toBe(failure);
});

test('an error without an answer is none of the store', () => {
  expect(failureOf(new Error('x'))).toBeUndefined();
  expect(failureOf('x')).toBeUndefined();
});
