import { createPgCopyDecoder, type Column, type ColumnSink } from '@tributary/columnar';
import type { ErrorOrigin } from '@tributary/connector-sdk';
import { abortError } from '@tributary/contract/errors';
import { classifyError } from '../errors/classify.js';
import { RawQuery } from '../wire/raw-query.js';
import { queryStatement } from '../wire/statement.js';
import type { Connections, Lease } from './connections.js';

export interface FetchRequest {
  readonly sql: string;
  /** Of its placeholders, in PostgreSQL's text form. */
  readonly values: readonly (string | null)[];
  /** Whether the server shall keep the parsed statement for the connection's next time. */
  readonly isKept: boolean;
  readonly columns: readonly Column[];
  readonly sink: ColumnSink;
  readonly origin: ErrorOrigin;
  readonly signal: AbortSignal;
  readonly onProgress: (rows: number, bytes: number) => void;
}

/**
 * Runs one statement and writes its rows to the sink. When it fails, for whatever reason, the statement has ended on the
 * server before this rejects, and the connection is fit for another one; a broken one is released here.
 */
export async function fetchRows(
  connections: Connections,
  lease: Lease,
  request: FetchRequest,
): Promise<void> {
  const { sql, values, isKept, columns, sink, origin, signal, onProgress } = request;
  const decoder = createPgCopyDecoder({
    columns,
    sink,
    framing: 'data-row',
    sourceId: origin.sourceId,
    object: origin.object ?? '',
    onProgress,
  });
  const query = new RawQuery(queryStatement(sql, values, columns, origin, isKept), decoder);
  const stop = (): void => query.stop(abortError(signal));
  if (signal.aborted) throw abortError(signal);
  signal.addEventListener('abort', stop, { once: true });
  try {
    lease.client.query(query);
    await connections.cancellable(lease, query.ended, query.stopped);
  } finally {
    signal.removeEventListener('abort', stop);
  }
  if (query.isBroken) lease.release(true);
  if (query.stopped.aborted) throw classifyError(query.stopped.reason, origin);
  if (query.serverError !== undefined) throw classifyError(query.serverError, origin);
  await decoder.end();
}
