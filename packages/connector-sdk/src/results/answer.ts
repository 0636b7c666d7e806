import type { ColumnSink } from '@tributary/columnar';
import type { RecordBatch } from 'apache-arrow';

/**
 * A value of a row. By type: booleans; integers up to 32 bits and floats as numbers, wider integers as bigint (a safe integer may
 * be a number); DECIMAL, temporal types, UUID, INTERVAL and everything else in the literal text form of the contract (see
 * `Literal`), dates and timestamps also as `Date`; BLOB as bytes; lists as arrays; JSON as its text. NULL is null or undefined.
 */
export type Value =
  | null
  | undefined
  | boolean
  | number
  | bigint
  | string
  | Date
  | Uint8Array
  | readonly Value[];

/** A row, its values in the order of the columns asked for. */
export type Row = readonly Value[];

/**
 * What a source has to say to one request, in the form that is least work for it. The columns are those asked for, in their
 * order. The SDK makes of it what the engine wants: Arrow batches for the user, or a spool file that DuckDB reads.
 */
export type Answer = RowsAnswer | BatchesAnswer | WireAnswer | ParquetAnswer;

/** Rows as JavaScript values, several at a time: for APIs and for drivers that make objects anyway. */
export interface RowsAnswer {
  readonly kind: 'rows';
  readonly rows: AsyncIterable<readonly Row[]>;
}

/** Arrow record batches, for sources that speak Arrow. */
export interface BatchesAnswer {
  readonly kind: 'batches';
  readonly batches: AsyncIterable<RecordBatch>;
}

/** Bytes of a wire protocol that a decoder turns into columns: the fast path of databases. */
export interface WireAnswer {
  readonly kind: 'wire';
  /**
   * Reads everything into the sink, waiting where `write` asks for it, and gives the totals to `onProgress` as they grow.
   * Rejects when `signal` fires; nothing of the statement is left at the server then. Called at most once, and not at all where the
   * sink cannot be made: a connection is best taken here.
   */
  read(
    sink: ColumnSink,
    signal: AbortSignal,
    onProgress: (rows: number, bytes: number) => void,
  ): Promise<void>;
}

/** A Parquet file that the source itself makes. */
export interface ParquetAnswer {
  readonly kind: 'parquet';
  /** The file's bytes as they arrive. Iterated at most once; leaving the loop ends the statement at the server. */
  readonly chunks: AsyncIterable<Uint8Array>;
}
