import { TributaryError, abortError } from '@tributary/contract/errors';
import type { CallContext } from '@tributary/contract/source';
import type { ErrorOrigin } from './error-origin.js';

/** Makes one of the contract's errors of whatever a driver or reader raised. No secrets in its message. */
export type Classify = (error: unknown, origin: ErrorOrigin) => TributaryError;

/** Does the work under the call's signal. What it raises becomes one of the contract's errors; after an abort, the abort's reason. */
export async function classified<T>(
  work: () => Promise<T>,
  { signal }: CallContext,
  origin: ErrorOrigin,
  classify: Classify,
): Promise<T> {
  if (signal.aborted) throw abortError(signal);
  try {
    return await work();
  } catch (error) {
    if (signal.aborted) throw abortError(signal);
    throw error instanceof TributaryError ? error : classify(error, origin);
  }
}
