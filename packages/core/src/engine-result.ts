import { sameType } from '@tributary/contract/plan';
import type { RecordBatch, Schema } from 'apache-arrow';
import type { QueryResult } from './api.js';
import { type Row, allRows } from './execute/rows.js';
import type { ExplainDocument } from './explain/document.js';
import type { OutputColumn } from './plan/federated-plan.js';

/** Runs the statement by a plan made anew; undefined where the error is no reason to. */
export type RunAgain = (error: unknown) => Promise<QueryResult | undefined>;

/**
 * A result that starts once more, before anybody has seen a row, if the first rows fail because the plan was made of what is
 * there no longer. Its columns are promised already, so they must be the same then.
 */
export class RenewableResult implements QueryResult {
  readonly columns: readonly OutputColumn[];
  readonly schema: Schema;
  readonly #again: RunAgain;
  #result: QueryResult;
  #closed = false;

  constructor(result: QueryResult, again: RunAgain) {
    this.columns = result.columns;
    this.schema = result.schema;
    this.#result = result;
    this.#again = again;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RecordBatch, void, undefined> {
    let delivered = false;
    try {
      for await (const batch of this.#result) {
        delivered = true;
        yield batch;
      }
      return;
    } catch (error) {
      if (delivered || this.#closed) throw error;
      await this.#renew(error);
    }
    yield* this.#result;
  }

  rows(): Promise<Row[]> {
    return allRows(this, this.columns);
  }

  explain(): ExplainDocument {
    return this.#result.explain();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#result.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #renew(error: unknown): Promise<void> {
    const result = await this.#again(error);
    if (result === undefined) throw error;
    this.#result = result;
    if (!this.#closed && sameColumns(result.columns, this.columns)) return;
    await result.close();
    throw error;
  }
}

/** Columns say more than a schema: Arrow has one type for JSON, enums and text. */
function sameColumns(a: readonly OutputColumn[], b: readonly OutputColumn[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ name, type }, i) => {
      const other = b[i];
      return other !== undefined && name === other.name && sameType(type, other.type);
    })
  );
}
