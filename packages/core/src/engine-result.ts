import type { RecordBatch, Schema } from 'apache-arrow';
import type { QueryResult } from './api.js';
import { type Row, rowsOf } from './execute/rows.js';
import type { ExplainDocument } from './explain/document.js';
import type { OutputColumn } from './plan/federated-plan.js';

type Batches = AsyncIterator<RecordBatch, undefined>;

/** A result whose first rows, or their end, are there: whatever its sources had to say against the plan has been said. */
export class StartedResult implements QueryResult {
  readonly columns: readonly OutputColumn[];
  readonly schema: Schema;
  readonly #result: QueryResult;
  readonly #batches: Batches;
  #first: IteratorResult<RecordBatch, undefined> | undefined;

  private constructor(result: QueryResult, batches: Batches, first: IteratorResult<RecordBatch, undefined>) {
    this.columns = result.columns;
    this.schema = result.schema;
    this.#result = result;
    this.#batches = batches;
    this.#first = first;
  }

  /** @throws TributaryError what the first rows failed with; the result is closed then */
  static async of(result: QueryResult): Promise<StartedResult> {
    const batches = result[Symbol.asyncIterator]();
    return new StartedResult(result, batches, await batches.next());
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RecordBatch, void, undefined> {
    const first = this.#first;
    this.#first = undefined;
    if (first === undefined) {
      // Read or closed: the result itself says so.
      yield* this.#result;
      return;
    }
    try {
      for (let next = first; next.done !== true; next = await this.#batches.next()) yield next.value;
    } finally {
      await this.#batches.return?.();
    }
  }

  async rows(): Promise<Row[]> {
    const rows: Row[] = [];
    for await (const batch of this) {
      for (const row of rowsOf(batch, this.columns)) rows.push(row);
    }
    return rows;
  }

  explain(): ExplainDocument {
    return this.#result.explain();
  }

  async close(): Promise<void> {
    this.#first = undefined;
    await this.#result.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
