import { TributaryError, abortError } from '@tributary/contract/errors';
import type { Classify } from '../errors/classified.js';
import type { ErrorOrigin } from '../errors/error-origin.js';

/** Whose answer is delivered, and how its errors become the contract's. */
export interface AnswerOrigin extends ErrorOrigin {
  /** Gets whatever the answer raised, other than a `TributaryError`. */
  readonly classify: Classify;
}

/** What to raise for an error in the middle of an answer: after an abort, the abort's reason. */
export function failureOf(error: unknown, signal: AbortSignal, origin: AnswerOrigin): TributaryError {
  if (signal.aborted) return abortError(signal);
  return error instanceof TributaryError ? error : origin.classify(error, origin);
}
