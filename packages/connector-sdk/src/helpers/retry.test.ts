import { TributaryError } from '@tributary/contract/errors';
import { describe, expect, test } from 'vitest';
import { retry } from './retry.js';

const passing = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
const lasting = new TributaryError('SOURCE.PERMISSION', { message: 'no' });

/** Fails so often, then gives the number of the attempt. */
function failing(times: number, error: unknown): (attempt: number) => Promise<number> {
  return async (attempt) => {
    if (attempt <= times) throw error;
    return attempt;
  };
}

const signal = new AbortController().signal;

describe('retry', () => {
  test.each([0, 1, 2])('after %i failures', async (times) => {
    expect(await retry(failing(times, passing), { signal, delayMs: 1 })).toBe(times + 1);
  });

  test('no more than the attempts', async () => {
    let calls = 0;
    const work = async (): Promise<never> => {
      calls += 1;
      throw passing;
    };
    await expect(retry(work, { signal, attempts: 4, delayMs: 1 })).rejects.toBe(passing);
    expect(calls).toBe(4);
  });

  test.each([lasting, new Error('anything else'), 'text'])('not after %s', async (error) => {
    await expect(retry(failing(1, error), { signal, delayMs: 1 })).rejects.toBe(error);
  });

  test('after what our errors call retryable', async () => {
    const error = new TributaryError('SOURCE.UNREACHABLE', { message: 'down' });
    expect(await retry(failing(1, error), { signal, delayMs: 1 })).toBe(2);
  });

  test('after what the caller calls so', async () => {
    expect(await retry(failing(1, lasting), { signal, delayMs: 1, isRetryable: () => true })).toBe(2);
  });

  test('an abort ends the waiting, and is the error', async () => {
    const controller = new AbortController();
    const work = async (): Promise<never> => {
      setImmediate(() => controller.abort(new TributaryError('QUERY.CANCELLED', { message: 'enough' })));
      throw passing;
    };
    const waiting = retry(work, { signal: controller.signal, delayMs: 1e9, maxDelayMs: 1e9 });
    await expect(waiting).rejects.toThrow('enough');
  });

  test('nothing is tried after an abort', async () => {
    let calls = 0;
    const work = async (): Promise<number> => (calls += 1);
    await expect(retry(work, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'QUERY.CANCELLED',
    });
    expect(calls).toBe(0);
  });
});
