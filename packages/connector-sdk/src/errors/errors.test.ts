import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { TributaryError } from '@tributary/contract/errors';
import { describe, expect, test } from 'vitest';
import { httpError } from './http-error.js';
import { classifyNetworkError, errorMessage, networkErrorClass } from './network-errors.js';

const origin = { sourceId: 'api', object: 'items' };

function withCode(code: string): Error {
  return Object.assign(new Error('what happened'), { code });
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('errors of the network', () => {
  test.each([
    ['ECONNREFUSED', 'SOURCE.UNREACHABLE', true],
    ['ENOTFOUND', 'SOURCE.UNREACHABLE', true],
    ['UND_ERR_CONNECT_TIMEOUT', 'SOURCE.UNREACHABLE', true],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'SOURCE.UNREACHABLE', false],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'SOURCE.UNREACHABLE', false],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'SOURCE.UNREACHABLE', false],
    ['SOMETHING_ELSE', 'SOURCE.QUERY_FAILED', false],
  ])('%s', (code, expected, retryable) => {
    expect(classifyNetworkError(withCode(code), origin)).toMatchObject({
      code: expected,
      retryable,
      message: 'Source api (items): what happened',
      sourceId: 'api',
      object: 'items',
    });
  });

  test('a server’s own message about certificates is not the network’s', () => {
    expect(networkErrorClass(new Error('relation "certificate" does not exist'))).toBeUndefined();
  });

  test('fetch says why in its cause', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const error = classifyNetworkError(await failureOf(fetch(`http://127.0.0.1:${port}/`)), origin);
    expect(error).toMatchObject({ code: 'SOURCE.UNREACHABLE' });
    expect(error.message).toMatch(/fetch failed: connect ECONNREFUSED 127\.0\.0\.1/);
  });

  test('a timeout of a signal', async () => {
    const signal = AbortSignal.timeout(1);
    await once(signal, 'abort');
    expect(classifyNetworkError(signal.reason, origin)).toMatchObject({ code: 'SOURCE.TIMEOUT' });
  });

  test('our own errors stay, and anything may be thrown', () => {
    const own = new TributaryError('QUERY.CANCELLED', { message: 'x' });
    expect(classifyNetworkError(own, origin)).toBe(own);
    expect(classifyNetworkError('text', origin).message).toBe('Source api (items): text');
    expect(errorMessage(new AggregateError([new Error('a'), new Error('b')]))).toBe('a; b');
  });
});

test.each([
  [401, 'SOURCE.AUTHENTICATION', false],
  [403, 'SOURCE.PERMISSION', false],
  [404, 'SOURCE.MISSING_OBJECT', true],
  [429, 'SOURCE.QUERY_FAILED', true],
  [400, 'SOURCE.QUERY_FAILED', false],
  [500, 'SOURCE.QUERY_FAILED', true],
  [503, 'SOURCE.UNREACHABLE', true],
  [504, 'SOURCE.TIMEOUT', true],
])('HTTP %i', (status, code, retryable) => {
  const error = httpError({ status, statusText: 'Said So' }, origin);
  expect([error.code, error.retryable, error.message]).toEqual([
    code,
    retryable,
    `Source api: HTTP ${status} Said So`,
  ]);
});
