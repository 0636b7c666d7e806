import { TributaryError } from '@tributary/contract';
import type { RecordBatch } from 'apache-arrow';
import type { Column } from '../column-type.js';
import type { ParquetLayoutSink } from '../sink.js';
import { ColumnAppender } from './column-appender.js';

/**
 * Writes record batches to a sink, put together into batches of the sink's own size. `columns` are those of the batches'
 * schema (see `columnsOfSchema`) and those that the sink was made with. Takes no next batch while the sink is busy.
 */
export async function writeRecordBatches(
  batches: AsyncIterable<RecordBatch> | Iterable<RecordBatch>,
  columns: readonly Column[],
  sink: ParquetLayoutSink,
): Promise<void> {
  const appenders = columns.map(({ type }) => new ColumnAppender(type));
  let rows = 0;
  const flush = async (): Promise<void> => {
    await sink.write({ rows, columns: appenders.map((appender) => appender.view()) });
    for (const appender of appenders) appender.clear();
    rows = 0;
  };

  for await (const batch of batches) {
    for (let done = 0; done < batch.numRows;) {
      const count = Math.min(batch.numRows - done, sink.maxRows - rows);
      appendRows(appenders, batch.slice(done, done + count));
      done += count;
      rows += count;
      const bytes = appenders.reduce((sum, appender) => sum + appender.bytes, 0);
      if (rows >= sink.maxRows || bytes >= sink.maxBytes) await flush();
    }
  }
  if (rows > 0) await flush();
}

function appendRows(appenders: readonly ColumnAppender[], batch: RecordBatch): void {
  for (const [index, appender] of appenders.entries()) {
    const data = batch.data.children[index];
    if (data === undefined) {
      throw new TributaryError('ENGINE.INTERNAL', { message: `A record batch has no column ${index}.` });
    }
    appender.append(data);
  }
}
