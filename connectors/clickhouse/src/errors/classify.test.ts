import { ClickHouseError } from '@clickhouse/client';
import { TributaryError } from '@tributary/connector-sdk';
import { describe, expect, test } from 'vitest';
import { classifyError } from './classify.js';

const origin = { sourceId: 'ch', object: 'shop.t' };

function fromServer(code: string): ClickHouseError {
  // The client leaves the space that stands before the type.
  return new ClickHouseError({ code, type: 'SOME_TYPE', message: 'what happened ' });
}

function withCode(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}

describe('errors of the server by their number', () => {
  test.each([
    ['516', 'SOURCE.AUTHENTICATION', false],
    ['194', 'SOURCE.AUTHENTICATION', false],
    ['497', 'SOURCE.PERMISSION', false],
    ['164', 'SOURCE.PERMISSION', false],
    ['452', 'SOURCE.PERMISSION', false],
    ['60', 'SOURCE.MISSING_OBJECT', true],
    ['47', 'SOURCE.MISSING_OBJECT', true],
    ['81', 'SOURCE.MISSING_OBJECT', false],
    ['159', 'SOURCE.TIMEOUT', true],
    ['241', 'SOURCE.QUERY_FAILED', true],
    ['202', 'SOURCE.QUERY_FAILED', true],
    ['396', 'SOURCE.QUERY_FAILED', false],
    ['394', 'SOURCE.QUERY_FAILED', true],
    ['407', 'SOURCE.QUERY_FAILED', false],
    ['210', 'SOURCE.UNREACHABLE', true],
    ['271', 'SOURCE.CORRUPT_DATA', false],
    ['999999', 'SOURCE.QUERY_FAILED', false],
  ])('%s', (code, expected, retryable) => {
    const error = classifyError(fromServer(code), origin);
    expect([error.code, error.retryable, error.sourceId, error.object]).toEqual([
      expected,
      retryable,
      'ch',
      'shop.t',
    ]);
    expect(error.message).toBe('Source ch (shop.t): what happened');
  });

  test('a user who may set nothing is told what to change', () => {
    expect(classifyError(fromServer('164'), origin).fix).toContain('readonly = 2');
  });
});

test.each([
  [withCode('connect ECONNREFUSED', 'ECONNREFUSED'), 'SOURCE.UNREACHABLE', true],
  [withCode('read ECONNRESET', 'ECONNRESET'), 'SOURCE.UNREACHABLE', true],
  [new Error('socket hang up'), 'SOURCE.UNREACHABLE', true],
  [new Error('aborted'), 'SOURCE.UNREACHABLE', true],
  [withCode('Parse Error: Expected HTTP/', 'HPE_INVALID_CONSTANT'), 'SOURCE.UNREACHABLE', true],
  [new Error('Timeout error.'), 'SOURCE.TIMEOUT', true],
  [withCode('self-signed certificate', 'DEPTH_ZERO_SELF_SIGNED_CERT'), 'SOURCE.UNREACHABLE', false],
  [withCode('wrong version number', 'EPROTO'), 'SOURCE.UNREACHABLE', false],
  [new Error('anything else'), 'SOURCE.QUERY_FAILED', false],
  ['a text', 'SOURCE.QUERY_FAILED', false],
])('%s', (raised, code, retryable) => {
  expect(classifyError(raised, { sourceId: 'ch' })).toMatchObject({ code, retryable });
});

test('several failed addresses are named; our own errors stay', () => {
  const refused = new AggregateError([new Error('connect ::1'), new Error('and 127.0.0.1')]);
  expect(classifyError(Object.assign(refused, { code: 'ECONNREFUSED' }), { sourceId: 'ch' })).toMatchObject({
    code: 'SOURCE.UNREACHABLE',
    message: 'Source ch: connect ::1; and 127.0.0.1',
  });
  const own = new TributaryError('QUERY.CANCELLED', { message: 'x' });
  expect(classifyError(own, origin)).toBe(own);
});
