import { type ErrorCategory, type ErrorCodeName, errorCodes } from './codes.js';

export interface ErrorDetails {
  /** What happened, with the names that matter: the sentence a user reads first. No secrets. */
  readonly message: string;
  /** How to mend this very case; the code's general advice when absent. */
  readonly fix?: string;
  readonly sourceId?: string;
  /** Dotted name of the table or path of the object concerned. */
  readonly object?: string;
  /** Offset in the SQL text, in characters from 0. */
  readonly position?: number;
  /** Names that the user may have meant. */
  readonly candidates?: readonly string[];
  /** Overrides the code's `retryable` where the cause is known better. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/** The only error that Tributary's packages raise on purpose. */
export class TributaryError extends Error {
  override readonly name = 'TributaryError';
  readonly code: ErrorCodeName;
  readonly category: ErrorCategory;
  readonly why: string;
  readonly fix: string;
  readonly retryable: boolean;
  readonly sourceId: string | undefined;
  readonly object: string | undefined;
  readonly position: number | undefined;
  readonly candidates: readonly string[];

  constructor(code: ErrorCodeName, details: ErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    const entry = errorCodes[code];
    this.code = code;
    this.category = entry.category;
    this.why = entry.why;
    this.fix = details.fix ?? entry.fix;
    this.retryable = details.retryable ?? entry.retryable;
    this.sourceId = details.sourceId;
    this.object = details.object;
    this.position = details.position;
    this.candidates = details.candidates ?? [];
  }

  /** Plain data for logs and wires; the cause stays out because drivers put secrets in theirs. */
  toJSON(): Record<string, unknown> {
    return {
      code: this.code,
      category: this.category,
      message: this.message,
      why: this.why,
      fix: this.fix,
      retryable: this.retryable,
      sourceId: this.sourceId,
      object: this.object,
      position: this.position,
      candidates: this.candidates.length > 0 ? this.candidates : undefined,
    };
  }
}

/** The reason an abort signal carries, as one of our errors. */
export function abortError(signal: AbortSignal): TributaryError {
  const reason: unknown = signal.reason;
  if (reason instanceof TributaryError) return reason;
  return new TributaryError('QUERY.CANCELLED', { message: 'The query was cancelled.', cause: reason });
}
