import type { Vector } from '@duckdb/node-bindings';
import type { Data } from 'apache-arrow';

/**
 * Collects one column's values, chunk by chunk, from DuckDB's layout into Arrow's.
 *
 * `load` points at a chunk's vector, whose memory is DuckDB's and goes with the chunk; `take` copies out of it.
 */
export interface ColumnBuilder {
  load(vector: Vector, count: number): void;
  /** Appends `length` loaded values from `start`. */
  take(start: number, length: number): void;
  takeNulls(length: number): void;
  /** Bytes collected so far, roughly. */
  readonly bytes: number;
  /** Hands over what was collected and starts anew. */
  finish(): Data;
}
