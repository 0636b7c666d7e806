/**
 * One column of a batch in Arrow's layout. The arrays are views of memory that is overwritten after `write` returns.
 * `validity` has meaning only where `nullCount` is above zero.
 */
export interface ArrowColumnData {
  readonly length: number;
  readonly nullCount: number;
  readonly validity: Uint8Array;
  readonly values: Uint8Array;
  /** Of strings, binaries and lists: 32-bit, `length + 1` of them. */
  readonly offsets: Uint8Array;
  /** Of a list: its elements. */
  readonly child?: ArrowColumnData;
}

/** Which of a column's entries are there: a bit each, or the levels of a list (repetition 1 bit, definition 2 bits). */
export type ParquetLevels =
  | { readonly kind: 'flat'; readonly validity: Uint8Array }
  | { readonly kind: 'list'; readonly repetition: Uint8Array; readonly definition: Uint8Array };

/** One column of a batch in Parquet's layout: PLAIN values without NULLs. Views, as above. */
export interface ParquetColumnData {
  /** Rows; of a list, its levels. */
  readonly entries: number;
  /** Entries without a value. Where it is zero, a flat column's `validity` is not read. */
  readonly nullCount: number;
  readonly levels: ParquetLevels;
  /** One per leaf: three of an interval (months, days, microseconds), else one. */
  readonly leaves: readonly Uint8Array[];
}

export interface Batch<Data> {
  readonly rows: number;
  readonly columns: readonly Data[];
}

interface Sink<Layout extends string, Data> {
  readonly layout: Layout;
  /** A batch is written when it has this many rows or bytes (it exceeds the bytes by a chunk or a row at most). */
  readonly maxRows: number;
  readonly maxBytes: number;
  /**
   * Copies the batch before it returns. A promise asks the producer to wait for it before it reads more; it rejects with the
   * error of an earlier write.
   */
  write(batch: Batch<Data>): Promise<void> | undefined;
}

export type ArrowLayoutSink = Sink<'arrow', ArrowColumnData>;
export type ParquetLayoutSink = Sink<'parquet', ParquetColumnData>;
export type ColumnSink = ArrowLayoutSink | ParquetLayoutSink;
