import type { OutputColumn } from '@tributary/core';
import type { Data, RecordBatch, Schema } from 'apache-arrow';
import type { ColumnFormat } from './cell-format.js';
import { columnFormat } from './column-format.js';

/** The part of a query's result that writers need. */
export interface ResultStream extends AsyncIterable<RecordBatch> {
  readonly columns: readonly OutputColumn[];
  readonly schema: Schema;
}

/** Makes an output format of a result: text or bytes, pulled, so that back-pressure reaches the sources. */
export type ResultWriter = (result: ResultStream) => AsyncIterable<string | Uint8Array>;

/** Text is handed on in pieces of about this many characters. */
const chunkCharacters = 64 * 1024;

export function formatsOf(result: Pick<ResultStream, 'columns'>): readonly ColumnFormat[] {
  return result.columns.map((column) => columnFormat(column.type));
}

/** Text of each row, joined to larger pieces. */
export async function* textOfRows(
  result: ResultStream,
  rowText: (columns: readonly Data[], row: number) => string,
): AsyncGenerator<string> {
  let text = '';
  for await (const batch of result) {
    const columns = batch.data.children;
    for (let row = 0; row < batch.numRows; row += 1) {
      text += rowText(columns, row);
      if (text.length >= chunkCharacters) {
        yield text;
        text = '';
      }
    }
  }
  if (text !== '') yield text;
}
