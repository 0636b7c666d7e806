import { TributaryError } from '@tributary/contract';
import type { RecordBatch, Schema } from 'apache-arrow';
import type { QueryResult } from '../api.js';
import type { ExplainDocument } from '../explain/document.js';
import type { FederatedPlan, OutputColumn } from '../plan/federated-plan.js';
import { arrowSchemaOf } from './arrow/arrow-schema.js';
import type { AnswerStream } from './answer-stream.js';
import type { QueryExecution } from './query-execution.js';
import { type Row, rowsOf } from './rows.js';
import type { RunRecord } from './run-recorder.js';

/** A result that is computed as it is read. It never just stops: rows end because all were delivered, or it throws. */
export class StreamedResult implements QueryResult {
  readonly columns: readonly OutputColumn[];
  readonly schema: Schema;
  readonly #execution: QueryExecution;
  readonly #stream: AnswerStream;
  readonly #explain: (record: RunRecord) => ExplainDocument;
  #taken = false;

  constructor(
    plan: FederatedPlan,
    execution: QueryExecution,
    stream: AnswerStream,
    explain: (record: RunRecord) => ExplainDocument,
  ) {
    this.columns = plan.output;
    this.schema = arrowSchemaOf(plan.output);
    this.#execution = execution;
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
      for await (const batch of this.#stream) {
        this.#execution.recorder.delivered(batch.numRows);
        yield batch;
      }
      await this.#execution.complete();
    } catch (error) {
      throw await this.#execution.failed(error);
    } finally {
      await this.#execution.end();
    }
  }

  async rows(): Promise<Row[]> {
    const rows: Row[] = [];
    for await (const batch of this) rows.push(...rowsOf(batch, this.columns));
    return rows;
  }

  explain(): ExplainDocument {
    return this.#explain(this.#execution.recorder.record());
  }

  async close(): Promise<void> {
    this.#taken = true;
    await this.#execution.end();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
