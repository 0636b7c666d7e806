import { type ErrorCategory, TributaryError } from '@tributary/contract';
import { FailedStatement } from './failed-statement.js';
import { UsageError } from './usage-error.js';

/** What the process ends with; the help of every command lists them. */
export const exitCodes = {
  done: 0,
  query: 1,
  usage: 2,
  source: 3,
  internal: 70,
  cancelled: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export const exitCodesHelp = `Exit codes:
  0    done
  1    the query is wrong (or, for verify, the answers differ)
  2    wrong usage or configuration
  3    a source failed, or memory, disk or time ran out
  70   a fault in Tributary itself
  130  cancelled`;

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof FailedStatement) return exitCodeOf(error.cause);
  if (error instanceof UsageError) return exitCodes.usage;
  return error instanceof TributaryError ? byCategory(error.category) : exitCodes.internal;
}

function byCategory(category: ErrorCategory): ExitCode {
  switch (category) {
    case 'user':
      return exitCodes.query;
    case 'config':
      return exitCodes.usage;
    case 'source':
    case 'resource':
      return exitCodes.source;
    case 'cancelled':
      return exitCodes.cancelled;
    case 'internal':
      return exitCodes.internal;
  }
}
