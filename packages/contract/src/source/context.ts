import type { KeySetId } from '../plan/index.js';
import type { ParameterValues } from './parameters.js';

/** What every call into a source gets. */
export interface CallContext {
  /** Aborted on cancel and on timeout; `signal.reason` is the error to raise. */
  readonly signal: AbortSignal;
}

/** A call for a table's schema. */
export interface DescribeContext extends CallContext {
  /** Whether a schema that is only `sampled` will not do: a statement may mean columns that the sample had not. The table stays known as a whole. */
  readonly thorough?: boolean;
}

/** What the execution of one fragment gets. */
export interface ExecuteContext extends CallContext {
  readonly query: QueryScope;
  /** Milliseconds for this fragment; `signal` fires when they are over, and a server-side limit may be set too. */
  readonly timeoutMs: number;
  readonly parameters: ParameterValues;
  readonly keySets: ReadonlyMap<KeySetId, KeySetValues>;
  /** How the caller will use the result: batches that stream to the user, or a relation for the residual. */
  readonly prefer: 'batches' | 'relation';
  readonly spool: SpoolDirectory;
  /** Called with running totals of this fragment. */
  onProgress(rows: number, bytes: number): void;
}

/** One query's lifetime, shared by all of its fragments: where a source keeps its snapshot. */
export interface QueryScope {
  readonly id: string;
  /**
   * When it was asked, or planned anew because a source said that an object is missing, as `performance.now()` says it: what a
   * source has seen since then may be taken for what there is.
   */
  readonly startedAt: number;
  readonly signal: AbortSignal;
  /** Fragments that this query may run in a compute context: 1 means that no shared snapshot is needed. */
  fragmentsIn(computeContext: string): number;
  /** The one value for `key` in this query; `make` runs on first use. */
  shared<T>(key: object, make: () => T): T;
  /** Registers clean-up that runs when the query ends, however it ends. */
  onEnd(cleanup: () => Promise<void>): void;
}

/** Where a fragment may put files. Counted against the spill quota, deleted when the query ends. */
export interface SpoolDirectory {
  /** A fresh absolute path ending in `extension`; the file does not exist yet. */
  newFile(extension: string): string;
  /** Reserves bytes before they are written; raises RESOURCE.SPILL_FULL when over the quota. */
  reserve(bytes: number): void;
  /** Gives back bytes of a file that was deleted. */
  release(bytes: number): void;
}

/** The distinct, non-null keys of a dynamic filter. Never empty: an empty set skips the fragment. */
export interface KeySetValues {
  readonly id: KeySetId;
  readonly count: number;
  /** Values per column in literal text form (see `Literal`), all columns equally long. */
  readonly columns: readonly (readonly string[])[];
  /** A DuckDB relation with columns `k0`, `k1`, ... holding the same keys, for sources that DuckDB reads. */
  readonly relation: string;
}
