import { ArrowSink } from '@tributary/columnar';
import type { ExecuteContext, RemoteResult } from '@tributary/contract/source';
import type { WireAnswer } from './answer.js';
import { type AnswerOrigin, failureOf } from './answer-origin.js';
import { writeSpoolFile } from './spool-file.js';
import { spooledRelation } from './spooled-relation.js';
import { type AnswerColumn, wireColumns } from './wire-columns.js';

/** Reads everything into a spool file. */
export async function spoolWire(
  answer: WireAnswer,
  columns: readonly AnswerColumn[],
  ctx: ExecuteContext,
): Promise<RemoteResult> {
  let received = 0;
  const file = await writeSpoolFile(ctx.spool, wireColumns(columns), (sink) =>
    answer.read(sink, ctx.signal, (rows, bytes) => {
      received = bytes;
      ctx.onProgress(rows, bytes);
    }),
  );
  return spooledRelation([file], columns, ctx.spool, received);
}

/** Rows go to the reader as they come; when he leaves before the end, the statement is cancelled. */
export function streamWire(
  answer: WireAnswer,
  columns: readonly AnswerColumn[],
  ctx: ExecuteContext,
  origin: AnswerOrigin,
): RemoteResult {
  const sink = new ArrowSink(wireColumns(columns));
  const signal = AbortSignal.any([ctx.signal, sink.stopped]);
  const finished = answer
    .read(sink, signal, (rows, bytes) => ctx.onProgress(rows, bytes))
    .then(
      () => sink.end(),
      (error: unknown) => sink.fail(failureOf(error, signal, origin)),
    );
  ctx.query.onEnd(async () => {
    await sink.return();
    await finished;
  });
  return { kind: 'batches', schema: sink.schema, batches: sink };
}
