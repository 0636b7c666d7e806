import type { ParameterValues } from '@tributary/contract';
import type { FederatedPlan } from '../plan/federated-plan.js';
import { DuckdbSession } from './duckdb/duckdb-session.js';
import type { QueryControl } from './query-control.js';
import type { QueryLifetime } from './query-scope.js';
import type { RunRecorder } from './run-recorder.js';
import type { ExecutorRuntime } from './runtime.js';
import type { QueryTables } from './query-tables.js';
import type { QuerySpool } from './spool/query-spool.js';

/** What the parts of one query's execution have in common. */
export interface QueryContext {
  readonly plan: FederatedPlan;
  readonly runtime: ExecutorRuntime;
  readonly control: QueryControl;
  readonly lifetime: QueryLifetime;
  readonly spool: QuerySpool;
  readonly tables: QueryTables;
  readonly recorder: RunRecorder;
  readonly parameters: ParameterValues;
  /** Count the rows of relations that come without a count (EXPLAIN ANALYZE). */
  readonly measure: boolean;
}

export function openSession(query: QueryContext): Promise<DuckdbSession> {
  return DuckdbSession.open(query.runtime.room, query.control.signal);
}
