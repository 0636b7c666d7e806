import type { RecordBatch, Schema } from 'apache-arrow';

/** What a source returns for a plan. */
export type RemoteResult = BatchesResult | RelationResult;

/** Arrow record batches, pulled: the source reads no further ahead than its own buffers. */
export interface BatchesResult {
  readonly kind: 'batches';
  readonly schema: Schema;
  readonly batches: AsyncIterable<RecordBatch>;
}

/** Something that DuckDB reads by itself (a Parquet file, a spool file): the fast path. */
export interface RelationResult {
  readonly kind: 'relation';
  /** A DuckDB SELECT whose columns are the plan's, in order. */
  readonly sql: string;
  /** Exact rows, when the source has counted them. */
  readonly rows?: number;
  /** Bytes moved from the source, when known. */
  readonly bytes?: number;
  /** Frees files and connections. Called once, after the last read. */
  release(): Promise<void>;
}
