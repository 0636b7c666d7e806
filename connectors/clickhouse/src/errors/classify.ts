import { ClickHouseError } from '@clickhouse/client';
import {
  type ErrorClass,
  type ErrorOrigin,
  errorMessage,
  networkErrorClass,
  sourceError,
  tlsFix,
  TributaryError,
} from '@tributary/connector-sdk';

const authentication: ErrorClass = { code: 'SOURCE.AUTHENTICATION' };
const missing: ErrorClass = { code: 'SOURCE.MISSING_OBJECT' };
const unreachable: ErrorClass = { code: 'SOURCE.UNREACHABLE' };
const limit: ErrorClass = {
  code: 'SOURCE.QUERY_FAILED',
  fix: "Raise the server's limit named in the message, or make the query smaller.",
};
const value: ErrorClass = {
  code: 'SOURCE.QUERY_FAILED',
  fix: 'A value broke an expression (a cast, a division, an overflow): guard the expression, or correct the data.',
};

/** ClickHouse's own numbers (src/Common/ErrorCodes.cpp). */
const codes: Readonly<Record<string, ErrorClass>> = {
  '192': authentication,
  '193': authentication,
  '194': authentication,
  '516': authentication,
  '497': { code: 'SOURCE.PERMISSION' },
  '164': {
    code: 'SOURCE.PERMISSION',
    fix: "Every query sets what its meaning depends on: give the user readonly = 2 (or 0) in place of 1, or set the same in the user's profile.",
  },
  '452': {
    code: 'SOURCE.PERMISSION',
    fix: "A constraint of the user's profile forbids a setting that answers depend on: lift it, or give the setting this value there.",
  },
  '115': {
    code: 'SOURCE.QUERY_FAILED',
    fix: 'The server does not know a setting: upgrade it to 25.8 or newer, or correct the option settings.',
  },
  '8': missing,
  '10': missing,
  '16': missing,
  '47': missing,
  '60': missing,
  '81': { ...missing, retryable: false, fix: 'Correct the database in the configuration.' },
  '218': missing,
  '159': { code: 'SOURCE.TIMEOUT' },
  '160': { code: 'SOURCE.TIMEOUT' },
  '209': { code: 'SOURCE.TIMEOUT' },
  '158': limit,
  '191': limit,
  '201': { ...limit, retryable: true },
  '202': { ...limit, retryable: true, fix: 'The server is busy: lower maxConnections, or raise its limit.' },
  '241': { ...limit, retryable: true },
  '307': limit,
  '396': limit,
  '394': { code: 'SOURCE.QUERY_FAILED', retryable: true, fix: 'Somebody has ended the query at the server.' },
  '210': unreachable,
  '279': unreachable,
  '40': { code: 'SOURCE.CORRUPT_DATA' },
  '246': { code: 'SOURCE.CORRUPT_DATA' },
  '271': { code: 'SOURCE.CORRUPT_DATA' },
  '69': value,
  '70': value,
  '153': value,
  '321': value,
  '349': value,
  '407': value,
};

/** What the HTTP client and its parser raise without a code of the network's. */
const networkMessages = /aborted|premature close|terminated/i;
/** So does a server that speaks HTTPS end a request without TLS, when it does not answer with an alert. */
const hangUps = /socket hang up|ECONNRESET|^parse error: expected http/i;
const perhapsHttps =
  'Check that the server runs and that host and port are right; where it speaks HTTPS, set tls or an https:// URL.';
const tlsMessages = /certificate|self.signed|unable to verify|wrong version number|SSL routines/i;

/** One of the contract's errors for whatever the client or the server raised. ClickHouse's messages hold no password. */
export function classifyError(error: unknown, origin: ErrorOrigin): TributaryError {
  if (error instanceof TributaryError) return error;
  return sourceError(error, classOf(error), origin);
}

/** Whether the server would not let the user change a setting. */
export function isRefusedSetting(error: unknown): boolean {
  return error instanceof ClickHouseError && (error.code === '164' || error.code === '452');
}

/** Whether the user may not do what he asked for. */
export function isMissingGrant(error: unknown): boolean {
  return error instanceof ClickHouseError && error.code === '497';
}

function classOf(error: unknown): ErrorClass {
  if (error instanceof ClickHouseError) return codes[error.code] ?? { code: 'SOURCE.QUERY_FAILED' };
  const message = errorMessage(error);
  if (hangUps.test(message)) return { ...unreachable, fix: perhapsHttps };
  const network = networkErrorClass(error);
  if (network !== undefined) return network;
  if (tlsMessages.test(message)) {
    return { code: 'SOURCE.UNREACHABLE', retryable: false, fix: tlsFix(new Error(message)) };
  }
  if (networkMessages.test(message)) return unreachable;
  // The client's word for a request without a byte for too long.
  if (message.startsWith('Timeout error')) return { code: 'SOURCE.TIMEOUT' };
  return { code: 'SOURCE.QUERY_FAILED' };
}
