import { type ErrorCodeName, TributaryError } from '@tributary/connector-sdk';
import type { ErrorOrigin } from '@tributary/connector-sdk/sql';

/** SQLite's primary result codes (https://www.sqlite.org/rescode.html) where they say more than "the query failed". */
const codes: ReadonlyMap<number, ErrorCodeName> = new Map([
  [3, 'SOURCE.PERMISSION'],
  [5, 'SOURCE.UNREACHABLE'],
  [6, 'SOURCE.UNREACHABLE'],
  [11, 'SOURCE.CORRUPT_DATA'],
  [14, 'SOURCE.UNREACHABLE'],
  [26, 'SOURCE.CORRUPT_DATA'],
]);

/** One of the contract's errors for whatever the driver raised. A message must never hold a secret. */
export function classify(error: unknown, { sourceId, object }: ErrorOrigin): TributaryError {
  const message = error instanceof Error ? error.message : String(error);
  return new TributaryError(codeOf(error, message), {
    message: `Source ${sourceId}${object === undefined ? '' : ` (${object})`}: ${message}`,
    sourceId,
    ...(object !== undefined && { object }),
    cause: error,
  });
}

function codeOf(error: unknown, message: string): ErrorCodeName {
  if (/^no such (?:table|column)/.test(message)) return 'SOURCE.MISSING_OBJECT';
  const result = error instanceof Error && 'errcode' in error ? Number(error.errcode) : 0;
  // The low byte of an extended code is the primary one.
  return codes.get(result % 256) ?? 'SOURCE.QUERY_FAILED';
}
