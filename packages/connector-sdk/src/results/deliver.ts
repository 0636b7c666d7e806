import type { ExecuteContext, RemoteResult } from '@tributary/contract/source';
import type { Answer } from './answer.js';
import { type AnswerOrigin, failureOf } from './answer-origin.js';
import { deliverBatches, deliverRows } from './deliver-batches.js';
import { spoolParquet } from './spool-parquet.js';
import { spoolWire, streamWire } from './deliver-wire.js';
import type { AnswerColumn } from './wire-columns.js';

/**
 * Makes of a source's answer what the engine asked for (`ctx.prefer`): record batches that stream, or a relation over a spool file.
 * Rows and batches always stay batches, which the engine spools itself, and a Parquet file is always a relation. No form is
 * read faster than it is taken, and nothing stays open or on disk after a failure.
 *
 * @param columns the columns asked for, with the types that the engine wants
 * @throws TributaryError of `origin.classify`, or the reason of `ctx.signal`
 */
export async function deliver(
  answer: Answer,
  columns: readonly AnswerColumn[],
  ctx: ExecuteContext,
  origin: AnswerOrigin,
): Promise<RemoteResult> {
  try {
    switch (answer.kind) {
      case 'rows':
        return await deliverRows(answer, columns, ctx, origin);
      case 'batches':
        return await deliverBatches(answer, columns, ctx, origin);
      case 'wire':
        return ctx.prefer === 'batches'
          ? streamWire(answer, columns, ctx, origin)
          : await spoolWire(answer, columns, ctx);
      case 'parquet':
        return await spoolParquet(answer, columns, ctx, origin);
    }
  } catch (error) {
    throw failureOf(error, ctx.signal, origin);
  }
}
