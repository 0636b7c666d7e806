import type { ExecuteContext } from '@tributary/connector-sdk';
import type { Answer } from '@tributary/connector-sdk/results';
import type { SqlStatement } from '@tributary/connector-sdk/sql';
import { arrowBatches } from './arrow-batches.js';
import { bindValues } from './bind-values.js';
import type { Server } from './server.js';
import { type Compression, formatSettings } from './settings.js';

/** Parquet for what DuckDB goes on with, Arrow for what streams to the user: the server makes both itself. */
export async function runStatement(
  server: Server,
  statement: SqlStatement,
  compression: Compression,
  ctx: ExecuteContext,
): Promise<Answer> {
  const isStream = ctx.prefer === 'batches';
  const format = isStream ? 'ArrowStream' : 'Parquet';
  const { sql, parts, settings } = bindValues(statement);
  const chunks = await server.bytes({
    sql: `${sql}\nFORMAT ${format}`,
    parts,
    settings: {
      ...formatSettings(format, compression),
      ...settings,
    },
    // Later than the engine's own timeout, which cancels with the better message. Rows that stream to the user wait for him.
    ...(!isStream && { timeoutMs: ctx.timeoutMs + 2000 }),
    signal: ctx.signal,
  });
  if (!isStream) return { kind: 'parquet', chunks };
  let received = 0;
  let rows = 0;
  const counted = countBytes(chunks, (bytes) => (received += bytes));
  const batches = arrowBatches(counted, (count) => {
    rows += count;
    ctx.onProgress(rows, received);
  });
  return { kind: 'batches', batches };
}

async function* countBytes(
  chunks: AsyncIterable<Uint8Array>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of chunks) {
    onBytes(chunk.length);
    yield chunk;
  }
}
