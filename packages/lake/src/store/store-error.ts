import {
  type ErrorClass,
  TributaryError,
  abortError,
  errorMessage,
  networkErrorClass,
} from '@tributary/connector-sdk';

/** What went wrong with a request to a store. */
export type StoreFailure =
  | 'authentication'
  | 'permission'
  | 'missing'
  /** The object is not the one that was asked for any more: If-Match failed. */
  | 'changed'
  /** Throttled, out of order, cut off: the same request may succeed if made again. */
  | 'passing'
  | 'rejected';

export interface StoreErrorOrigin {
  readonly sourceId: string;
  /** The object or prefix concerned, as `locationOf` says it. */
  readonly location: string;
  readonly signal: AbortSignal;
  /** Default: the failure's. */
  readonly fix?: string;
}

/**
 * A store's failure as one of our errors. Errors of ours pass, an abort wins over everything, and the network's errors are
 * known by themselves.
 *
 * @param failure what the store's own error means; undefined where it says nothing
 */
export function storeError(
  error: unknown,
  failure: StoreFailure | undefined,
  { sourceId, location, signal, fix }: StoreErrorOrigin,
): TributaryError {
  if (signal.aborted) return abortError(signal);
  if (error instanceof TributaryError) return error;
  const found = failure === undefined ? (networkErrorClass(error) ?? classOf('rejected')) : classOf(failure);
  const advice = fix ?? found.fix;
  return new TributaryError(found.code, {
    message: `${location}: ${failure === 'changed' ? 'another object has taken its place' : reasonOf(error)}.`,
    sourceId,
    object: location,
    ...(found.retryable !== undefined && { retryable: found.retryable }),
    ...(advice !== undefined && { fix: advice }),
    cause: error,
  });
}

/** What an HTTP status means for S3, GCS and Azure alike (RFC 9110, 15; 401 is GCS's expired token). */
export function failureOfStatus(status: number): StoreFailure {
  switch (status) {
    case 401:
    case 407:
      return 'authentication';
    case 403:
      return 'permission';
    case 404:
    case 410:
      return 'missing';
    case 412:
      return 'changed';
    case 408:
    case 429:
      return 'passing';
    default:
      return status >= 500 ? 'passing' : 'rejected';
  }
}

function classOf(failure: StoreFailure): ErrorClass {
  switch (failure) {
    case 'authentication':
      return {
        code: 'SOURCE.AUTHENTICATION',
        fix: 'Check keys, token or profile of the source; temporary credentials may have expired.',
      };
    case 'permission':
      return { code: 'SOURCE.PERMISSION', fix: 'Grant list and read access to the bucket and its objects.' };
    case 'missing':
      return { code: 'SOURCE.MISSING_OBJECT' };
    case 'changed':
      return { code: 'SOURCE.CHANGED_OBJECT' };
    case 'passing':
      return { code: 'SOURCE.UNREACHABLE', fix: 'Try again later; the store is throttling or out of order.' };
    case 'rejected':
      return { code: 'SOURCE.QUERY_FAILED' };
  }
}

function reasonOf(error: unknown): string {
  const message = errorMessage(error).replace(/\.$/, '');
  return message === '' ? 'the store gave no reason' : message;
}
