import {
  type ErrorClass,
  type ErrorOrigin,
  errorMessage,
  networkErrorClass,
  sourceError,
  tlsFix,
  TributaryError,
} from '@tributary/connector-sdk';

const brokenValue: ErrorClass = {
  code: 'SOURCE.QUERY_FAILED',
  fix: 'A value broke an expression (a cast, an overflow): guard the expression, or correct the data.',
};

/** Server errors by number (MySQL's and MariaDB's error references; numbers from 1900 on differ between the two). */
const numbers: Readonly<Record<number, ErrorClass>> = {
  1040: {
    code: 'SOURCE.UNREACHABLE',
    fix: 'The server has no free connection: lower poolSize, or raise its max_connections.',
  },
  1203: {
    code: 'SOURCE.UNREACHABLE',
    fix: 'The user has no free connection: lower poolSize, or raise its max_user_connections.',
  },
  1044: { code: 'SOURCE.PERMISSION' },
  1045: { code: 'SOURCE.AUTHENTICATION' },
  1698: { code: 'SOURCE.AUTHENTICATION' },
  1130: {
    code: 'SOURCE.AUTHENTICATION',
    fix: 'The server lets this user in from other hosts only: create the user for this one.',
  },
  1129: {
    code: 'SOURCE.UNREACHABLE',
    retryable: false,
    fix: 'The server blocks this host after too many broken connections: run FLUSH HOSTS there.',
  },
  1862: { code: 'SOURCE.AUTHENTICATION', fix: "The user's password has expired: set a new one." },
  3118: { code: 'SOURCE.AUTHENTICATION', fix: 'The account is locked: ALTER USER … ACCOUNT UNLOCK.' },
  3159: {
    code: 'SOURCE.UNREACHABLE',
    retryable: false,
    fix: 'The server lets nobody in without TLS: set ssl.mode to require or a verifying mode.',
  },
  1049: {
    code: 'SOURCE.MISSING_OBJECT',
    retryable: false,
    fix: 'Correct the database in the configuration.',
  },
  1051: { code: 'SOURCE.MISSING_OBJECT' },
  1054: { code: 'SOURCE.MISSING_OBJECT' },
  1146: { code: 'SOURCE.MISSING_OBJECT' },
  1305: { code: 'SOURCE.MISSING_OBJECT' },
  // A view over a table that is gone.
  1356: { code: 'SOURCE.MISSING_OBJECT', retryable: false, fix: 'Correct the view, or drop it.' },
  1412: { code: 'SOURCE.MISSING_OBJECT' },
  1142: { code: 'SOURCE.PERMISSION' },
  1143: { code: 'SOURCE.PERMISSION' },
  1227: { code: 'SOURCE.PERMISSION' },
  1370: { code: 'SOURCE.PERMISSION' },
  3024: { code: 'SOURCE.TIMEOUT' },
  1969: { code: 'SOURCE.TIMEOUT' },
  1317: {
    code: 'SOURCE.QUERY_FAILED',
    retryable: true,
    fix: 'Somebody killed the statement at the server; run it again.',
  },
  1205: { code: 'SOURCE.QUERY_FAILED', retryable: true },
  1213: { code: 'SOURCE.QUERY_FAILED', retryable: true },
  1153: {
    code: 'SOURCE.QUERY_FAILED',
    fix: 'The statement is larger than the server takes: raise its max_allowed_packet.',
  },
  1038: {
    code: 'SOURCE.QUERY_FAILED',
    fix: "A sort does not fit: raise the server's sort_buffer_size.",
  },
  1021: { code: 'SOURCE.QUERY_FAILED', retryable: true, fix: "The server's disk is full." },
  1114: {
    code: 'SOURCE.QUERY_FAILED',
    fix: 'A temporary table is full: raise tmp_table_size or temptable_max_ram, or give its directory more room.',
  },
  1690: brokenValue,
  1264: brokenValue,
  1292: brokenValue,
  1365: brokenValue,
  1053: { code: 'SOURCE.UNREACHABLE' },
  1077: { code: 'SOURCE.UNREACHABLE' },
  // KILL CONNECTION, and what a client sees of a server that stops.
  1927: { code: 'SOURCE.UNREACHABLE' },
  4031: { code: 'SOURCE.UNREACHABLE' },
};

/** mysql2 and Node's streams raise these without a code of the network's. */
const lostConnection = /connection lost|closed state|write after end|premature close/i;

const withoutTls =
  'The server has no TLS, and ssl.mode demands it: turn it on there, or set ssl.mode to prefer or disable.';

/**
 * One of the contract's errors for whatever mysql2 or the server raised. It carries no password, which neither puts in a message,
 * nor the statement, in which the values of parameters stand.
 */
export function classifyError(error: unknown, origin: ErrorOrigin): TributaryError {
  if (error instanceof TributaryError) return error;
  // mysql2 adds the statement to the server's errors, and `cause` goes into logs.
  if (error instanceof Error) Reflect.deleteProperty(error, 'sql');
  return sourceError(error, classOf(error), origin);
}

/** The server's error number; undefined for what is no error of the server's. Node's own have negative ones. */
export function serverErrorNumber(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errno' in error) || typeof error.errno !== 'number') return undefined;
  return error.errno > 0 ? error.errno : undefined;
}

function classOf(error: unknown): ErrorClass {
  const number = serverErrorNumber(error);
  if (number !== undefined) return numbers[number] ?? { code: 'SOURCE.QUERY_FAILED' };
  const network = networkErrorClass(error);
  if (network !== undefined) return network;
  const message = errorMessage(error);
  if (lostConnection.test(message)) return { code: 'SOURCE.UNREACHABLE' };
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'HANDSHAKE_NO_SSL_SUPPORT') {
    return { code: 'SOURCE.UNREACHABLE', retryable: false, fix: withoutTls };
  }
  if (code === 'HANDSHAKE_SSL_ERROR' || /certificate/i.test(message)) {
    return { code: 'SOURCE.UNREACHABLE', retryable: false, fix: tlsFix(new Error(message)) };
  }
  if (/auth/i.test(code) || /authentication/i.test(message)) return { code: 'SOURCE.AUTHENTICATION' };
  return { code: 'SOURCE.QUERY_FAILED' };
}
