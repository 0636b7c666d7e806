import { type ErrorCodeName, TributaryError } from '@tributary/contract/errors';

/** What an error is reported about. */
export interface ErrorOrigin {
  readonly sourceId: string;
  /** Table or tables concerned, for the message. */
  readonly object?: string | undefined;
}

interface Classified {
  readonly code: ErrorCodeName;
  readonly retryable?: boolean;
  readonly fix?: string;
}

/** Exact SQLSTATEs (PostgreSQL documentation, appendix A). */
const states: Readonly<Record<string, Classified>> = {
  '42501': { code: 'SOURCE.PERMISSION' },
  '3D000': {
    code: 'SOURCE.MISSING_OBJECT',
    retryable: false,
    fix: 'Correct the database in the configuration.',
  },
  '3F000': { code: 'SOURCE.MISSING_OBJECT' },
  '42P01': { code: 'SOURCE.MISSING_OBJECT' },
  '42703': { code: 'SOURCE.MISSING_OBJECT' },
  // A type or function that changed under the plan.
  '42704': { code: 'SOURCE.MISSING_OBJECT' },
  '42883': { code: 'SOURCE.MISSING_OBJECT' },
  '57014': { code: 'SOURCE.TIMEOUT' },
  '57P01': { code: 'SOURCE.UNREACHABLE' },
  '57P02': { code: 'SOURCE.UNREACHABLE' },
  '57P03': { code: 'SOURCE.UNREACHABLE' },
  '57P04': { code: 'SOURCE.MISSING_OBJECT' },
  '57P05': { code: 'SOURCE.UNREACHABLE' },
  '25P03': { code: 'SOURCE.UNREACHABLE' },
  '53300': {
    code: 'SOURCE.UNREACHABLE',
    fix: 'The server has no free connection: lower poolSize, or raise its max_connections.',
  },
  // Conflict with replay on a hot standby, serialization failure, deadlock.
  '40001': { code: 'SOURCE.QUERY_FAILED', retryable: true },
  '40P01': { code: 'SOURCE.QUERY_FAILED', retryable: true },
};

const classes: Readonly<Record<string, Classified>> = {
  '08': { code: 'SOURCE.UNREACHABLE' },
  '28': { code: 'SOURCE.AUTHENTICATION' },
  '22': {
    code: 'SOURCE.QUERY_FAILED',
    fix: 'A value broke an expression (a cast, a division, an overflow): guard the expression, or correct the data.',
  },
  '53': {
    code: 'SOURCE.QUERY_FAILED',
    retryable: true,
    fix: 'The server ran out of memory, disk or another resource: see its log.',
  },
};

const networkErrors: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
  'EACCES',
]);

/** pg raises these without any code. */
const networkMessages =
  /connection terminated|connection timeout|timeout exceeded when trying to connect|connection error|not queryable|socket hang up/i;
const tlsMessages = /does not support SSL|SSL connection|certificate|self.signed|unable to verify/i;

/** One of the contract's errors for whatever pg or the server raised. Never carries a password: pg's messages hold none. */
export function classifyError(error: unknown, origin: ErrorOrigin): TributaryError {
  if (error instanceof TributaryError) return error;
  const message = error instanceof Error ? describe(error) : String(error);
  const { code, retryable, fix } = classOf(error, message);
  const about = origin.object === undefined ? '' : ` (${origin.object})`;
  return new TributaryError(code, {
    message: `Source ${origin.sourceId}${about}: ${message}`,
    sourceId: origin.sourceId,
    ...(origin.object !== undefined && { object: origin.object }),
    ...(retryable !== undefined && { retryable }),
    ...(fix !== undefined && { fix }),
    cause: error,
  });
}

function sqlStateOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const { code } = error;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

function classOf(error: unknown, message: string): Classified {
  const state = sqlStateOf(error);
  // A kept statement over a table that has changed: otherwise 0A000 is any feature that the server lacks.
  if (state === '0A000' && /cached plan must not change result type/.test(message)) {
    return { code: 'SOURCE.MISSING_OBJECT' };
  }
  if (state !== undefined && !networkErrors.has(state)) {
    return states[state] ?? classes[state.slice(0, 2)] ?? { code: 'SOURCE.QUERY_FAILED' };
  }
  const errno = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (tlsMessages.test(message) || errno.startsWith('ERR_TLS') || errno.includes('CERT')) {
    return {
      code: 'SOURCE.UNREACHABLE',
      retryable: false,
      fix: "Check ssl.mode and ssl.ca: the server's certificate or its lack of TLS does not fit them.",
    };
  }
  if (networkErrors.has(errno) || networkMessages.test(message)) return { code: 'SOURCE.UNREACHABLE' };
  if (/SASL|password|authentication/i.test(message)) return { code: 'SOURCE.AUTHENTICATION' };
  return { code: 'SOURCE.QUERY_FAILED' };
}

/** Node reports a failed connect to several addresses as an AggregateError with an empty message. */
function describe(error: Error): string {
  if (error instanceof AggregateError && error.message === '') {
    return error.errors.map((each) => (each instanceof Error ? each.message : String(each))).join('; ');
  }
  return error.message;
}
