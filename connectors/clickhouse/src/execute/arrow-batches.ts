import { TributaryError } from '@tributary/connector-sdk';
import { type Data, type RecordBatch, RecordBatchReader, Type } from 'apache-arrow';
import { isUtf8 } from 'node:buffer';

/**
 * The record batches of an Arrow stream. ClickHouse's String is any bytes; what is not UTF-8 no reader could show.
 */
export async function* arrowBatches(
  chunks: AsyncIterable<Uint8Array>,
  onRows: (rows: number) => void,
): AsyncGenerator<RecordBatch, void, undefined> {
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    const reader = await RecordBatchReader.from({ [Symbol.asyncIterator]: () => iterator });
    for await (const batch of reader) {
      batch.schema.fields.forEach((field, i) => {
        const data = batch.data.children[i];
        if (data !== undefined && !isReadable(data)) throw notText(field.name);
      });
      onRows(batch.numRows);
      yield batch;
    }
  } finally {
    // A reader that is left does not leave what it reads.
    await iterator.return?.();
  }
}

/** The bytes of all values at once, which is quick; a character never spans two values that are text by themselves. */
function isReadable(data: Data): boolean {
  if (data.type.typeId !== Type.Utf8) return data.children.every(isReadable);
  const { values, valueOffsets } = data;
  if (!(values instanceof Uint8Array) || !(valueOffsets instanceof Int32Array)) return true;
  return isUtf8(values.subarray(valueOffsets[0], valueOffsets[data.length]));
}

function notText(column: string): TributaryError {
  return new TributaryError('SOURCE.UNREPRESENTABLE_VALUE', {
    message: `A String in the column ${column} is not UTF-8.`,
    fix: 'Read the column through a view, as hex(column).',
  });
}
