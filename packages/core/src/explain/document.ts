import type { Column, Decision } from '@tributary/contract';
import type { PushdownMode } from '../plan/federated-plan.js';

/** EXPLAIN as data: the same object is shown as text, JSON and Mermaid. */
export interface ExplainDocument {
  readonly sql: string;
  readonly pushdown: PushdownMode;
  readonly fragments: readonly ExplainFragment[];
  readonly keySets: readonly ExplainKeySet[];
  /** Parts of the residual that DuckDB evaluates once, so that a key set's keys are those of the rows it joins. */
  readonly held: readonly ExplainHeld[];
  /** DuckDB SQL of the residual; undefined when one fragment is the whole query. */
  readonly residual?: string;
  /** Why the user's text runs unchanged over whole tables, when it does. */
  readonly scanOnly?: string;
  readonly decisions: readonly Decision[];
  readonly output: readonly { readonly name: string; readonly type: Column['type'] }[];
  /** Present after a run (EXPLAIN ANALYZE). */
  readonly run?: ExplainRun;
}

export interface ExplainFragment {
  readonly id: string;
  readonly sourceId: string;
  readonly connector: string;
  /** SQL, URLs or files. */
  readonly native: string;
  readonly estimatedRows: number;
  readonly estimatedBytes: number;
  /** Where the estimate's figures come from. */
  readonly statistics: string;
  readonly actual?: FragmentRun;
}

export interface FragmentRun {
  readonly state: 'done' | 'skipped' | 'failed' | 'cancelled';
  /** Absent where DuckDB read the source's files by itself and nobody counted; EXPLAIN ANALYZE counts. */
  readonly rows?: number;
  readonly bytes: number;
  /** Milliseconds from start to last byte, and the start relative to the query's. */
  readonly ms: number;
  readonly startedMs: number;
  /** The statement as sent, when it differs from the plan (a key set dropped, several ranges). */
  readonly native?: string;
}

export interface ExplainKeySet {
  readonly id: string;
  readonly consumer: string;
  /** Fragments whose results the keys come from. */
  readonly producers: readonly string[];
  readonly keys: readonly string[];
  readonly maxKeys: number;
  readonly estimatedKeys: number;
  readonly estimatedRowsWithout: number;
  readonly estimatedRowsWith: number;
  readonly actual?: {
    readonly outcome: 'sent' | 'too-many-keys' | 'empty';
    readonly keys: number;
    /** Estimated rows of the consumer without the keys, less what it delivered. */
    readonly rowsSaved: number;
  };
}

/** The SQL of other parts, and of the residual, names it by its id. */
export interface ExplainHeld {
  readonly id: string;
  /** DuckDB SQL. */
  readonly sql: string;
}

export interface ExplainRun {
  readonly planMs: number;
  readonly totalMs: number;
  readonly rows: number;
  readonly rowsFetched: number;
  readonly bytesFetched: number;
}
