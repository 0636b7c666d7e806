import type { RecordBatch } from 'apache-arrow';
import type { ResultStream } from './result-stream.js';

/** A result that knows how many rows it has delivered, and says when the first ones come. */
export class CountedResult implements ResultStream {
  readonly columns: ResultStream['columns'];
  readonly schema: ResultStream['schema'];
  readonly #result: ResultStream;
  readonly #onFirst: () => void;
  #rows = 0;

  constructor(result: ResultStream, onFirst: () => void) {
    this.#result = result;
    this.#onFirst = onFirst;
    this.columns = result.columns;
    this.schema = result.schema;
  }

  get rows(): number {
    return this.#rows;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RecordBatch> {
    for await (const batch of this.#result) {
      if (this.#rows === 0) this.#onFirst();
      this.#rows += batch.numRows;
      yield batch;
    }
  }
}
