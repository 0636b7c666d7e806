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
  /**
   * The objects that the relation reads, each by itself. Where DuckDB fails without saying which one it could not read,
   * the engine reads them one by one to name it.
   */
  parts?(): readonly RelationPart[];
  /** Frees files and connections. Called once, after the last read. */
  release(): Promise<void>;
}

/** One object of a relation: a file, for example. */
export interface RelationPart {
  /** Path or name, for the error. */
  readonly object: string;
  /** A DuckDB SELECT of everything that the relation reads of it. */
  readonly sql: string;
}
