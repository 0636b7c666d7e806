import { TributaryError } from '@tributary/contract';
import type { RecordBatch, Schema } from 'apache-arrow';
import type { QueryResult } from '../api.js';
import type { ExplainDocument } from '../explain/document.js';
import type { FederatedPlan, OutputColumn } from '../plan/federated-plan.js';
import { arrowSchemaOf } from './arrow/arrow-schema.js';
import type { AnswerStream } from './answer-stream.js';
import type { RunningQuery } from './running-query.js';
import { type Row, allRows } from './rows.js';
import type { RunRecord } from './run-recorder.js';

/** A result that is computed as it is read. It never just stops: rows end because all were delivered, or it throws. */
export class StreamedResult implements QueryResult {
  readonly columns: readonly OutputColumn[];
  readonly schema: Schema;
  readonly #query: RunningQuery;
  readonly #stream: AnswerStream;
  readonly #explain: (record: RunRecord) => ExplainDocument;
  #taken = false;

  constructor(
    plan: FederatedPlan,
    query: RunningQuery,
    stream: AnswerStream,
    explain: (record: RunRecord) => ExplainDocument,
  ) {
    this.columns = plan.output;
    this.schema = arrowSchemaOf(plan.output);
    this.#query = query;
    this.#stream = stream;
    this.#explain = explain;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RecordBatch, void, undefined> {
    if (this.#taken) {
      throw new TributaryError('QUERY.CONSUMED', {
        message: 'This result has been read already, or is closed.',
      });
    }
    this.#taken = true;
    try {
      this.#query.reading();
      for await (const batch of this.#stream) {
        this.#query.recorder.delivered(batch.numRows);
        this.#query.unread();
        yield batch;
        this.#query.reading();
      }
      await this.#query.complete();
    } catch (error) {
      throw await this.#query.failed(error);
    } finally {
      await this.#query.end();
    }
  }

  rows(): Promise<Row[]> {
    return allRows(this, this.columns);
  }

  explain(): ExplainDocument {
    return this.#explain(this.#query.recorder.record());
  }

  async close(): Promise<void> {
    this.#taken = true;
    await this.#query.end();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
