import {
  type ErrorClass,
  type ErrorOrigin,
  errorMessage,
  networkErrorClass,
  sourceError,
  tlsFix,
} from '@tributary/connector-sdk';
import { TributaryError } from '@tributary/contract/errors';

/** Exact SQLSTATEs (PostgreSQL documentation, appendix A). */
const states: Readonly<Record<string, ErrorClass>> = {
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

const classes: Readonly<Record<string, ErrorClass>> = {
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

/** pg raises these without any code. */
const networkMessages =
  /connection terminated|connection timeout|timeout exceeded when trying to connect|connection error|not queryable/i;

/** The rest of what it raises about TLS comes with Node's codes. */
const tlsMessages = /does not support SSL|SSL connection|certificate|self.signed|unable to verify/i;
const withoutTls =
  'The server has no TLS, and ssl.mode demands it: turn it on there, or set ssl.mode to prefer or disable.';

/** One of the contract's errors for whatever pg or the server raised. Never carries a password: pg's messages hold none. */
export function classifyError(error: unknown, origin: ErrorOrigin): TributaryError {
  if (error instanceof TributaryError) return error;
  return sourceError(error, classOf(error, errorMessage(error)), origin);
}

function sqlStateOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const { code } = error;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

function classOf(error: unknown, message: string): ErrorClass {
  const network = networkErrorClass(error);
  if (network !== undefined) return network;
  const state = sqlStateOf(error);
  // A kept statement over a table that has changed: otherwise 0A000 is any feature that the server lacks.
  if (state === '0A000' && /cached plan must not change result type/.test(message)) {
    return { code: 'SOURCE.MISSING_OBJECT' };
  }
  if (state !== undefined) {
    return states[state] ?? classes[state.slice(0, 2)] ?? { code: 'SOURCE.QUERY_FAILED' };
  }
  if (tlsMessages.test(message)) {
    const fix = message.includes('does not support SSL') ? withoutTls : tlsFix(new Error(message));
    return { code: 'SOURCE.UNREACHABLE', retryable: false, fix };
  }
  if (networkMessages.test(message)) return { code: 'SOURCE.UNREACHABLE' };
  if (/SASL|password|authentication/i.test(message)) return { code: 'SOURCE.AUTHENTICATION' };
  return { code: 'SOURCE.QUERY_FAILED' };
}
