import { type ErrorCodeName, TributaryError } from '@tributary/contract/errors';
import type { ErrorOrigin } from './error-origin.js';
import { tlsFix } from './tls-fix.js';

/** What kind of error it is, and what is known better than the code's own advice. */
export interface ErrorClass {
  readonly code: ErrorCodeName;
  readonly retryable?: boolean;
  readonly fix?: string;
}

/** Of Node's sockets and name look-ups (`man 3 errno`), and of its fetch (undici). */
const networkCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  // Of a Unix socket.
  'ENOENT',
  'EACCES',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

/** Codes of Node's TLS and of OpenSSL's verification, which are text as well (https://nodejs.org/api/tls.html, X509 errors). */
const tlsCode = /^ERR_(TLS|SSL)_|CERT|^UNABLE_TO_|^EPROTO$/;

/**
 * The class of an error of the network or of TLS, also where it is the cause of another one, as fetch raises it; undefined for any
 * other error.
 */
export function networkErrorClass(error: unknown): ErrorClass | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error ? String(error.code) : '';
  if (tlsCode.test(code)) {
    return {
      code: 'SOURCE.UNREACHABLE',
      retryable: false,
      fix: tlsFix(error),
    };
  }
  if (networkCodes.has(code) || error.message === 'socket hang up') return { code: 'SOURCE.UNREACHABLE' };
  if (error.name === 'TimeoutError') return { code: 'SOURCE.TIMEOUT' };
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error.cause;
  return networkErrorClass(inner);
}

/** What an error says, its causes included where it says little itself. Node's failed connect to several addresses has no message. */
export function errorMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.message === '') {
    return error.errors.map(errorMessage).join('; ');
  }
  const isVague = error.message === 'fetch failed' && error.cause !== undefined;
  return isVague ? `${error.message}: ${errorMessage(error.cause)}` : error.message;
}

/** An error of the source with its class, its message and what it is about. */
export function sourceError(
  error: unknown,
  { code, retryable, fix }: ErrorClass,
  origin: ErrorOrigin,
): TributaryError {
  const about = origin.object === undefined ? '' : ` (${origin.object})`;
  return new TributaryError(code, {
    message: `Source ${origin.sourceId}${about}: ${errorMessage(error).trim()}`,
    sourceId: origin.sourceId,
    ...(origin.object !== undefined && { object: origin.object }),
    ...(retryable !== undefined && { retryable }),
    ...(fix !== undefined && { fix }),
    cause: error,
  });
}

/** For sources without errors of their own: the network's are SOURCE.UNREACHABLE or SOURCE.TIMEOUT, the rest SOURCE.QUERY_FAILED. */
export function classifyNetworkError(error: unknown, origin: ErrorOrigin): TributaryError {
  if (error instanceof TributaryError) return error;
  return sourceError(error, networkErrorClass(error) ?? { code: 'SOURCE.QUERY_FAILED' }, origin);
}
