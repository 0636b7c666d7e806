import { arrowSchema } from '@tributary/columnar';
import { TributaryError } from '@tributary/contract/errors';
import type { BatchesResult, ExecuteContext } from '@tributary/contract/source';
import type { RecordBatch, Schema } from 'apache-arrow';
import type { BatchesAnswer, RowsAnswer } from './answer.js';
import type { AnswerOrigin } from './answer-origin.js';
import { opened } from './opened.js';
import { rowsToBatches } from './rows-to-batches.js';
import { type AnswerColumn, wireColumns } from './wire-columns.js';

export async function deliverRows(
  answer: RowsAnswer,
  columns: readonly AnswerColumn[],
  ctx: ExecuteContext,
  origin: AnswerOrigin,
): Promise<BatchesResult> {
  const rows = await opened(answer.rows, ctx, origin);
  const schema = arrowSchema(wireColumns(columns));
  return { kind: 'batches', schema, batches: rowsToBatches(rows, columns, origin) };
}

/** Batches go on as they are. Where their types are not those of the columns, the engine converts them. */
export async function deliverBatches(
  answer: BatchesAnswer,
  columns: readonly AnswerColumn[],
  ctx: ExecuteContext,
  origin: AnswerOrigin,
): Promise<BatchesResult> {
  const batches = await opened(answer.batches, ctx, origin);
  const schema = batches.first?.schema ?? arrowSchema(wireColumns(columns));
  if (schema.fields.length !== columns.length) {
    await batches.return();
    throw corrupt(origin, `${schema.fields.length} columns where ${columns.length} were asked for`);
  }
  return { kind: 'batches', schema, batches: uniform(batches, schema, origin) };
}

/** The engine reads every batch as the first one's schema says. */
async function* uniform(
  batches: AsyncIterable<RecordBatch>,
  schema: Schema,
  origin: AnswerOrigin,
): AsyncGenerator<RecordBatch, void, undefined> {
  const expected = typesOf(schema);
  for await (const batch of batches) {
    const given = batch.schema === schema ? expected : typesOf(batch.schema);
    if (given !== expected) throw corrupt(origin, `batches of (${expected}), then one of (${given})`);
    yield batch;
  }
}

function typesOf(schema: Schema): string {
  return schema.fields.map(({ type }) => String(type)).join(', ');
}

function corrupt({ sourceId, object }: AnswerOrigin, what: string): TributaryError {
  return new TributaryError('SOURCE.CORRUPT_DATA', {
    message: `Source ${sourceId} answered with ${what}.`,
    fix: 'This is a defect of the connector.',
    sourceId,
    ...(object !== undefined && { object }),
  });
}
