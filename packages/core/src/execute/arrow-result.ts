import type { DuckDBResult } from '@duckdb/node-api';
import type { RecordBatch } from 'apache-arrow';
import type { OutputColumn } from '../plan/federated-plan.js';
import { BatchBuilder } from './arrow/batch-builder.js';
import type { DuckdbSession } from './duckdb/duckdb-session.js';

/** The first batch is one chunk, for a quick first row; each next one is twice as large, up to this. */
const maxRows = 32_768;
const maxBytes = 8 * 2 ** 20;

/** A streaming result as record batches; DuckDB computes no further ahead than its own small buffer. */
export async function* arrowBatches(
  session: DuckdbSession,
  result: DuckDBResult,
  columns: readonly OutputColumn[],
): AsyncGenerator<RecordBatch, void, undefined> {
  const builder = new BatchBuilder(columns);
  let target = 1;
  for (;;) {
    const chunk = await session.fetch(result);
    if (chunk === undefined) break;
    builder.append(chunk);
    if (builder.rows >= target || builder.bytes >= maxBytes) {
      target = Math.min(Math.max(builder.rows, target) * 2, maxRows);
      yield builder.finish();
    }
  }
  if (builder.rows > 0) yield builder.finish();
}
