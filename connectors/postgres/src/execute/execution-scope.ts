import type { PostgresOptions } from '../options.js';
import type { Connections } from './connections.js';

/** What execution needs of its source. */
export interface ExecutionScope {
  readonly sourceId: string;
  readonly computeContext: string;
  readonly options: PostgresOptions;
  readonly connections: Connections;
}
