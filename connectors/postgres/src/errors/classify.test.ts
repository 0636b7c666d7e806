import { TributaryError } from '@tributary/contract/errors';
import { describe, expect, test } from 'vitest';
import { classifyError } from './classify.js';

function withCode(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}

describe('errors by their code', () => {
  test.each([
    ['28P01', 'SOURCE.AUTHENTICATION', false],
    ['28000', 'SOURCE.AUTHENTICATION', false],
    ['42501', 'SOURCE.PERMISSION', false],
    ['42P01', 'SOURCE.MISSING_OBJECT', true],
    ['42703', 'SOURCE.MISSING_OBJECT', true],
    ['3D000', 'SOURCE.MISSING_OBJECT', false],
    ['57014', 'SOURCE.TIMEOUT', true],
    ['57P01', 'SOURCE.UNREACHABLE', true],
    ['57P03', 'SOURCE.UNREACHABLE', true],
    ['08006', 'SOURCE.UNREACHABLE', true],
    ['53300', 'SOURCE.UNREACHABLE', true],
    ['53200', 'SOURCE.QUERY_FAILED', true],
    ['40001', 'SOURCE.QUERY_FAILED', true],
    ['22012', 'SOURCE.QUERY_FAILED', false],
    ['XX000', 'SOURCE.QUERY_FAILED', false],
    ['ECONNREFUSED', 'SOURCE.UNREACHABLE', true],
    ['ECONNRESET', 'SOURCE.UNREACHABLE', true],
    ['EPIPE', 'SOURCE.UNREACHABLE', true],
    ['ENOTFOUND', 'SOURCE.UNREACHABLE', true],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'SOURCE.UNREACHABLE', false],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'SOURCE.UNREACHABLE', false],
  ])('%s', (code, expected, retryable) => {
    const error = classifyError(withCode('what happened', code), { sourceId: 'pg', object: 'public.t' });
    expect([error.code, error.retryable, error.sourceId, error.object]).toEqual([
      expected,
      retryable,
      'pg',
      'public.t',
    ]);
    expect(error.message).toContain('what happened');
  });

  test.each([
    ['Connection terminated unexpectedly', 'SOURCE.UNREACHABLE'],
    ['timeout exceeded when trying to connect', 'SOURCE.UNREACHABLE'],
    ['The server does not support SSL connections', 'SOURCE.UNREACHABLE'],
    ['SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string', 'SOURCE.AUTHENTICATION'],
    ['anything else', 'SOURCE.QUERY_FAILED'],
  ])('%s', (message, expected) => {
    expect(classifyError(new Error(message), { sourceId: 'pg' }).code).toBe(expected);
  });

  test('several failed addresses are named; our own errors stay', () => {
    const refused = new AggregateError([
      withCode('connect ECONNREFUSED ::1', 'ECONNREFUSED'),
      new Error('and 127.0.0.1'),
    ]);
    expect(classifyError(Object.assign(refused, { code: 'ECONNREFUSED' }), { sourceId: 'pg' })).toMatchObject(
      {
        code: 'SOURCE.UNREACHABLE',
        message: 'Source pg: connect ECONNREFUSED ::1; and 127.0.0.1',
      },
    );
    const own = new TributaryError('QUERY.CANCELLED', { message: 'x' });
    expect(classifyError(own, { sourceId: 'pg' })).toBe(own);
  });
});
