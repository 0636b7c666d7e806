import { TributaryError, abortError } from '@tributary/contract';

/** Whatever a source failed with, as an error that names the source. After an abort it is the abort's reason. */
export function sourceError(error: unknown, sourceId: string, signal: AbortSignal): TributaryError {
  if (signal.aborted) return abortError(signal);
  if (error instanceof TributaryError) {
    return error.category === 'source' && error.sourceId === undefined ? named(error, sourceId) : error;
  }
  const message = error instanceof Error ? error.message : String(error);
  if (isDiskFull(error)) {
    return new TributaryError('RESOURCE.SPILL_FULL', {
      message: `No space is left for staging rows of source "${sourceId}".`,
      cause: error,
    });
  }
  return new TributaryError('SOURCE.QUERY_FAILED', {
    message: `Source "${sourceId}" failed: ${message}`,
    sourceId,
    cause: error,
  });
}

function named(error: TributaryError, sourceId: string): TributaryError {
  return new TributaryError(error.code, {
    message: `Source "${sourceId}": ${error.message}`,
    fix: error.fix,
    retryable: error.retryable,
    sourceId,
    cause: error.cause,
    ...(error.object !== undefined && { object: error.object }),
  });
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}
