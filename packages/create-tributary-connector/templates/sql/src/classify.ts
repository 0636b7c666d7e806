import {
  type ErrorCodeName,
  type ErrorOrigin,
  type TributaryError,
  errorMessage,
  sourceError,
} from '@tributary/connector-sdk';

/** SQLite's primary result codes (https://www.sqlite.org/rescode.html) where they say more than "the query failed". */
const codes: ReadonlyMap<number, ErrorCodeName> = new Map([
  [3, 'SOURCE.PERMISSION'],
  [5, 'SOURCE.UNREACHABLE'],
  [6, 'SOURCE.UNREACHABLE'],
  [11, 'SOURCE.CORRUPT_DATA'],
  [14, 'SOURCE.UNREACHABLE'],
  [26, 'SOURCE.CORRUPT_DATA'],
]);

/** One of the contract's errors for whatever SQLite raised. A message must never hold a secret. */
export function classify(error: unknown, origin: ErrorOrigin): TributaryError {
  return sourceError(error, { code: codeOf(error) }, origin);
}

function codeOf(error: unknown): ErrorCodeName {
  if (/^no such (?:table|column)/.test(errorMessage(error))) return 'SOURCE.MISSING_OBJECT';
  const result = error instanceof Error && 'errcode' in error ? Number(error.errcode) : 0;
  // The low byte of an extended code is the primary one.
  return codes.get(result % 256) ?? 'SOURCE.QUERY_FAILED';
}
