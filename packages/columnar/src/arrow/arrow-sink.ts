import { TributaryError } from '@tributary/contract';
import type { RecordBatch, Schema } from 'apache-arrow';
import type { Column } from '../column-type.js';
import type { ArrowColumnData, ArrowLayoutSink, Batch } from '../sink.js';
import { toRecordBatch } from './arrow-data.js';
import { arrowSchema } from './arrow-schema.js';

export interface ArrowSinkOptions {
  /** Rows of a record batch, 65,536 unless told; it ends sooner at `maxBytes`, 8 MiB unless told. */
  readonly maxRows?: number;
  readonly maxBytes?: number;
  /** Batches that wait for the reader before the producer has to: 2 unless told. */
  readonly maxQueued?: number;
}

/** Hands batches from one producer to one reader, with back-pressure. */
export class ArrowSink implements ArrowLayoutSink, AsyncIterableIterator<RecordBatch> {
  readonly layout = 'arrow';
  readonly maxRows: number;
  readonly maxBytes: number;
  readonly schema: Schema;
  readonly #maxQueued: number;
  readonly #queue: RecordBatch[] = [];
  readonly #stopped = new AbortController();
  #isEnded = false;
  #failure: Error | undefined;
  /** Settles whenever the other side has done something. */
  #changed = Promise.withResolvers<void>();

  constructor(columns: readonly Column[], options: ArrowSinkOptions = {}) {
    this.schema = arrowSchema(columns);
    this.maxRows = options.maxRows ?? 65_536;
    this.maxBytes = options.maxBytes ?? 8 * 1024 * 1024;
    this.#maxQueued = options.maxQueued ?? 2;
  }

  /** Fires when the reader has left before the end: the producer should cancel what it reads. */
  get stopped(): AbortSignal {
    return this.#stopped.signal;
  }

  write(batch: Batch<ArrowColumnData>): Promise<void> | undefined {
    if (this.stopped.aborted) return Promise.reject(this.stopped.reason);
    this.#queue.push(toRecordBatch(this.schema, batch));
    this.#notify();
    return this.#queue.length >= this.#maxQueued ? this.#roomForMore() : undefined;
  }

  /** No more batches. */
  end(): void {
    this.#isEnded = true;
    this.#notify();
  }

  /** The reader gets this error instead of further batches. */
  fail(error: Error): void {
    this.#failure ??= error;
    this.#notify();
  }

  async next(): Promise<IteratorResult<RecordBatch, undefined>> {
    for (;;) {
      if (this.#failure) throw this.#failure;
      const value = this.#queue.shift();
      if (value) {
        this.#notify();
        return { done: false, value };
      }
      if (this.#isEnded) return { done: true, value: undefined };
      await this.#changed.promise;
    }
  }

  /** Drops what waits and refuses the producer. */
  async return(): Promise<IteratorResult<RecordBatch, undefined>> {
    this.#queue.length = 0;
    if (!this.#isEnded && !this.#failure) {
      this.#stopped.abort(new TributaryError('QUERY.CANCELLED', { message: 'Nobody reads the result.' }));
    }
    this.#isEnded = true;
    this.#notify();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  async #roomForMore(): Promise<void> {
    while (this.#queue.length >= this.#maxQueued) await this.#changed.promise;
  }

  #notify(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
