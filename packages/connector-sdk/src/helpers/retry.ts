import { TributaryError, abortError } from '@tributary/contract/errors';
import { setTimeout as sleep } from 'node:timers/promises';
import { networkErrorClass } from '../errors/network-errors.js';

/** When and how often to try again. */
export interface RetryOptions {
  /** Ends the waiting too. */
  readonly signal: AbortSignal;
  /** How often the work is tried in all. Default 3. */
  readonly attempts?: number;
  /** Milliseconds before the second attempt; doubled for each further one. Default 100. */
  readonly delayMs?: number;
  /** Most milliseconds between two attempts. Default 5,000. */
  readonly maxDelayMs?: number;
  /** Whether the same call may succeed if made again. Default: `retryable` of our errors, and errors of the network. */
  readonly isRetryable?: (error: unknown) => boolean;
}

/**
 * Does the work again while it fails in a way that may pass. For calls that change nothing and have delivered nothing yet: never
 * around a stream that somebody reads. Waits a random time up to the delay ("full jitter": M. Brooker, "Exponential
 * Backoff And Jitter", AWS Architecture Blog, 2015), so that clients do not come back together.
 *
 * @throws the last attempt's error, or the reason of `signal`
 */
export async function retry<T>(work: (attempt: number) => Promise<T>, options: RetryOptions): Promise<T> {
  const { signal, attempts = 3, delayMs = 100, maxDelayMs = 5000, isRetryable = mayPass } = options;
  for (let attempt = 1; ; attempt += 1) {
    if (signal.aborted) throw abortError(signal);
    try {
      return await work(attempt);
    } catch (error) {
      if (signal.aborted) throw abortError(signal);
      if (attempt >= attempts || !isRetryable(error)) throw error;
    }
    const limit = Math.min(delayMs * 2 ** (attempt - 1), maxDelayMs);
    await sleep(Math.random() * limit, undefined, { signal }).catch(() => undefined);
  }
}

function mayPass(error: unknown): boolean {
  if (error instanceof TributaryError) return error.retryable;
  const found = networkErrorClass(error);
  return found !== undefined && found.retryable !== false;
}
