import type { ParameterValue } from '@tributary/contract';
import type { ExplainDocument } from '../explain/document.js';
import type { ProgressListener, RunRecord } from './run-recorder.js';

export interface ExecuteOptions {
  /** As `inferParameters` gives them. */
  readonly parameters: ReadonlyMap<string, ParameterValue>;
  /** Makes the EXPLAIN document of the plan with the run's figures. */
  readonly explain: (record: RunRecord) => ExplainDocument;
  readonly signal?: AbortSignal;
  /** Milliseconds for the whole query. */
  readonly timeoutMs?: number;
  /** When the query was asked, as `performance.now()` says it: its timeout counts from then. Absent: now. */
  readonly startedAt?: number;
  /** When this attempt at it began, where it was planned anew. Absent: `startedAt`. */
  readonly begunAt?: number;
  readonly onProgress?: ProgressListener;
  /** Milliseconds that planning took, for the record. */
  readonly planMs?: number;
  /** Count the rows of relations that come without a count (EXPLAIN ANALYZE). */
  readonly measure?: boolean;
}
