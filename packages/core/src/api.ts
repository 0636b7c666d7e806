import type { IFederatedDataSource, ParameterValue, TributaryError } from '@tributary/contract';
import type { RecordBatch, Schema } from 'apache-arrow';
import type { ExplainDocument } from './explain/document.js';
import type { OutputColumn, PushdownMode } from './plan/federated-plan.js';

export interface EngineOptions {
  readonly sources: readonly IFederatedDataSource[];
  /** Views over any sources, by name: `{ revenue: 'select …' }`. */
  readonly views?: Readonly<Record<string, string>>;
  /** DuckDB memory limit, as `512MB` or `2GiB`. Default: 80 % of the machine's memory, or 4 GiB if that is less. */
  readonly memoryLimit?: string;
  /** Where staging and spill files go; a fresh directory below it is made and removed. Default: the system's temp. */
  readonly spillDirectory?: string;
  /** Most bytes in the spill directory, staging and DuckDB's spilling together, as `20GB`. Default: 90 % of what is free. */
  readonly spillQuota?: string;
  /** DuckDB threads. Default: the machine's cores. */
  readonly threads?: number;
  /** Default timeout of a source's part of a query, in milliseconds. Default: 30,000. */
  readonly timeoutMs?: number;
  /** Timeouts of single sources, by source id, in milliseconds. */
  readonly sourceTimeoutsMs?: Readonly<Record<string, number>>;
  /** Queries that run at once; more wait in order. Default: 16. */
  readonly maxConcurrentQueries?: number;
}

/** A parameter as JavaScript gives it. Dates are timestamps with time zone; a `ParameterValue` says its own type. */
export type ParameterInput = null | boolean | number | bigint | string | Date | Uint8Array | ParameterValue;

export type QueryParameters = readonly ParameterInput[] | Readonly<Record<string, ParameterInput>>;

export interface QueryOptions {
  readonly params?: QueryParameters;
  readonly signal?: AbortSignal;
  /** Milliseconds for the whole query. Default: none. */
  readonly timeoutMs?: number;
  /** Running totals of one source in this query. */
  readonly onProgress?: (source: string, rowsFetched: number, bytesFetched: number) => void;
  readonly pushdown?: PushdownMode;
}

/**
 * A running query's answer. The schema is known before the first row. Iterate once; leaving the loop early cancels what
 * still runs.
 */
export interface QueryResult extends AsyncIterable<RecordBatch>, AsyncDisposable {
  readonly columns: readonly OutputColumn[];
  readonly schema: Schema;
  /** All rows as objects: integers beyond 32 bits as bigint, decimals and times as text. For small results. */
  rows(): Promise<Record<string, unknown>[]>;
  /** What ran where, with the actual rows, bytes and times: complete once the result has been read. */
  explain(): ExplainDocument;
  close(): Promise<void>;
}

/** The event bus's events. */
export interface EngineEvents {
  'query.federated.execute': FederatedExecuteEvent;
}

export interface FederatedExecuteEvent {
  readonly queryId: string;
  readonly sql: string;
  readonly sources: readonly SourceTiming[];
  readonly planMs: number;
  readonly totalMs: number;
  readonly rows: number;
  readonly outcome: 'done' | 'failed' | 'cancelled';
  readonly error?: TributaryError;
}

export interface SourceTiming {
  readonly sourceId: string;
  readonly fragments: number;
  readonly rows: number;
  readonly bytes: number;
  /** Wall time from the first fragment's start to the last one's end, in milliseconds. */
  readonly ms: number;
}
