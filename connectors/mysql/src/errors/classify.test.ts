import { TributaryError } from '@tributary/connector-sdk';
import { describe, expect, test } from 'vitest';
import { classifyError } from './classify.js';

const origin = { sourceId: 'shop', object: 'shop.orders' };

function serverError(errno: number, message = 'what the server says'): Error {
  return Object.assign(new Error(message), { errno, code: `ER_${errno}`, sqlState: 'HY000' });
}

describe('errors of the server', () => {
  test.each([
    [1045, 'SOURCE.AUTHENTICATION', false],
    [1698, 'SOURCE.AUTHENTICATION', false],
    [1044, 'SOURCE.PERMISSION', false],
    [1142, 'SOURCE.PERMISSION', false],
    [1143, 'SOURCE.PERMISSION', false],
    [1049, 'SOURCE.MISSING_OBJECT', false],
    [1146, 'SOURCE.MISSING_OBJECT', true],
    [1054, 'SOURCE.MISSING_OBJECT', true],
    [3024, 'SOURCE.TIMEOUT', true],
    [1969, 'SOURCE.TIMEOUT', true],
    [1317, 'SOURCE.QUERY_FAILED', true],
    [1213, 'SOURCE.QUERY_FAILED', true],
    [1040, 'SOURCE.UNREACHABLE', true],
    [1053, 'SOURCE.UNREACHABLE', true],
    [1927, 'SOURCE.UNREACHABLE', true],
    [1153, 'SOURCE.QUERY_FAILED', false],
    [1690, 'SOURCE.QUERY_FAILED', false],
    [1064, 'SOURCE.QUERY_FAILED', false],
  ])('%i is %s', (errno, code, retryable) => {
    const error = classifyError(serverError(errno), origin);
    expect(error.code).toBe(code);
    expect(error.retryable).toBe(retryable);
    expect(error.message).toContain('shop');
    expect(error.message).toContain('shop.orders');
  });

  test.each([
    [1040, /poolSize/],
    [1049, /database in the configuration/],
    [1153, /max_allowed_packet/],
    [1690, /guard the expression/],
  ])('%i says what to do', (errno, fix) => {
    expect(classifyError(serverError(errno), origin).fix).toMatch(fix);
  });
});

test('the statement, with its values, is not in the cause', () => {
  const raised = Object.assign(serverError(1064), { sql: "SELECT 'secret'" });
  const { cause } = classifyError(raised, origin);
  expect(cause).toBe(raised);
  expect(cause).not.toHaveProperty('sql');
  expect(cause).toHaveProperty('errno', 1064);
});

describe('errors of the network and of mysql2', () => {
  test.each([
    [Object.assign(new Error('connect'), { code: 'ECONNREFUSED', errno: -111 }), 'SOURCE.UNREACHABLE', true],
    [
      Object.assign(new Error('Connection lost'), { code: 'PROTOCOL_CONNECTION_LOST' }),
      'SOURCE.UNREACHABLE',
      true,
    ],
    [new Error("Can't add new command when connection is in closed state"), 'SOURCE.UNREACHABLE', true],
    [Object.assign(new Error('no TLS'), { code: 'HANDSHAKE_NO_SSL_SUPPORT' }), 'SOURCE.UNREACHABLE', false],
    [
      Object.assign(new Error('self-signed certificate'), { code: 'HANDSHAKE_SSL_ERROR' }),
      'SOURCE.UNREACHABLE',
      false,
    ],
    [Object.assign(new Error('x'), { code: 'AUTH_SWITCH_PLUGIN_ERROR' }), 'SOURCE.AUTHENTICATION', false],
    ['a string', 'SOURCE.QUERY_FAILED', false],
  ])('%s', (raised, code, retryable) => {
    const error = classifyError(raised, origin);
    expect([error.code, error.retryable]).toEqual([code, retryable]);
  });

  test('an error of ours stays what it is', () => {
    const error = new TributaryError('CONFIG.INVALID', { message: 'x' });
    expect(classifyError(error, origin)).toBe(error);
  });
});
