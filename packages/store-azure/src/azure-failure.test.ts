import { inspect } from 'node:util';
import { RestError } from '@azure/storage-blob';
import { TributaryError } from '@tributary/connector-sdk';
import { expect, test } from 'vitest';
import { failureOf, tellable } from './azure-failure.js';

test.each([
  ['AuthenticationFailed', 403, 'authentication'],
  ['InvalidAuthenticationInfo', 400, 'authentication'],
  ['NoAuthenticationInformation', 401, 'authentication'],
  ['AuthorizationFailure', 403, 'permission'],
  ['AuthorizationPermissionMismatch', 403, 'permission'],
  ['PublicAccessNotPermitted', 409, 'permission'],
  ['BlobNotFound', 404, 'missing'],
  ['ContainerNotFound', 404, 'missing'],
  ['ConditionNotMet', 412, 'changed'],
  ['InvalidRange', 416, 'changed'],
  ['ServerBusy', 503, 'passing'],
  ['OperationTimedOut', 500, 'passing'],
  ['SomethingNew', 429, 'passing'],
  ['BlobArchived', 409, 'rejected'],
  ['InvalidUri', 400, 'rejected'],
  ['PARSE_ERROR', undefined, 'passing'],
])('%s with %s: %s', (code, statusCode, failure) => {
  expect(failureOf(new RestError('x', { code, ...(statusCode !== undefined && { statusCode }) }))).toBe(
    failure,
  );
});

test('an answer to HEAD has its code in a header', () => {
  const error = new RestError('', { statusCode: 403 });
  error.details = { errorCode: 'AuthenticationFailed' };
  expect(failureOf(error)).toBe('authentication');
  expect(tellable(error)).toMatchObject({ message: 'AuthenticationFailed' });
});

test("a network's error is none of the store, and keeps its code", () => {
  const error = new RestError('connect ECONNREFUSED', { code: 'ECONNREFUSED' });
  expect(failureOf(error)).toBeUndefined();
  expect(failureOf('x')).toBeUndefined();
  expect(tellable(error)).toMatchObject({ message: 'connect ECONNREFUSED', code: 'ECONNREFUSED' });
});

test('when a token was valid is told, what was signed is not', () => {
  const failed = (detail: string): unknown => {
    const error = new RestError('Server failed to authenticate the request.\nRequestId:1', {
      statusCode: 403,
    });
    error.details = { errorCode: 'AuthenticationFailed', authenticationErrorDetail: detail };
    return tellable(error);
  };
  expect(failed('Signature not valid in the specified time frame: Start [a] - Expiry [b]\nx')).toMatchObject({
    message:
      'Server failed to authenticate the request: Signature not valid in the specified time frame: Start [a] - Expiry [b]',
  });
  const other = failed("The MAC signature found in the HTTP request 'hunter2' is not the same as any");
  expect(other).toMatchObject({ message: 'Server failed to authenticate the request.' });
  expect(inspect(other, { depth: 9 })).not.toContain('hunter2');
});

test('a URL in a message loses its signature', () => {
  expect(tellable(new Error('no way to https://a.example/b?sv=1&sig=hunter2%3D&se=3'))).toMatchObject({
    message: 'no way to https://a.example/b?sv=1&sig=***&se=3',
  });
});

test('archived blobs say so, and so does a chain without credentials', () => {
  expect(tellable(new RestError('x', { code: 'BlobArchived' }))).toMatchObject({
    message: expect.stringContaining('the blob is archived'),
  });
  const error = Object.assign(new Error('a\nb'), { name: 'AggregateAuthenticationError' });
  expect(failureOf(error)).toBe('authentication');
  expect(tellable(error)).toMatchObject({ message: expect.stringContaining('has no credentials') });
  const refused = Object.assign(new Error('EnvironmentCredential authentication failed.\nDetails'), {
    name: 'AuthenticationError',
  });
  expect(failureOf(refused)).toBe('authentication');
  expect(tellable(refused)).toMatchObject({ message: 'EnvironmentCredential authentication failed.' });
});

test('errors of ours stay', () => {
  const error = new TributaryError('QUERY.CANCELLED', { message: 'x' });
  expect(tellable(error)).toBe(error);
});
