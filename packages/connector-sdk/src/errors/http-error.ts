import { TributaryError } from '@tributary/contract/errors';
import type { ErrorOrigin } from './error-origin.js';
import type { ErrorClass } from './network-errors.js';

/** The error of an HTTP answer that is none of 2xx (RFC 9110, 15). The body stays out: it may repeat what was sent. */
export function httpError(
  response: { readonly status: number; readonly statusText: string },
  origin: ErrorOrigin,
): TributaryError {
  const { status, statusText } = response;
  const { code, retryable } = classOf(status);
  return new TributaryError(code, {
    message: `Source ${origin.sourceId}: HTTP ${status} ${statusText}`.trimEnd(),
    sourceId: origin.sourceId,
    ...(origin.object !== undefined && { object: origin.object }),
    ...(retryable !== undefined && { retryable }),
  });
}

function classOf(status: number): ErrorClass {
  switch (status) {
    case 401:
    case 407:
      return { code: 'SOURCE.AUTHENTICATION' };
    case 403:
      return { code: 'SOURCE.PERMISSION' };
    case 404:
    case 410:
      return { code: 'SOURCE.MISSING_OBJECT' };
    case 408:
    case 504:
      return { code: 'SOURCE.TIMEOUT' };
    case 429:
      return { code: 'SOURCE.QUERY_FAILED', retryable: true };
    case 502:
    case 503:
      return { code: 'SOURCE.UNREACHABLE' };
    default:
      return { code: 'SOURCE.QUERY_FAILED', retryable: status >= 500 };
  }
}
