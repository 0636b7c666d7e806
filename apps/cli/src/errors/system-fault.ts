import { getSystemErrorMessage } from 'node:util';

/** What the system says, without its names for the error and for the call: `no such file or directory`. */
export function systemFault(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return 'errno' in cause && typeof cause.errno === 'number'
    ? getSystemErrorMessage(cause.errno)
    : cause.message;
}
