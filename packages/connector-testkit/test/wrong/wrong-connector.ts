import type { ConformanceSubject } from '../../src/index.js';
import type { DuckdbServer } from '../reference/duckdb-server.js';
import type { MemoryService } from '../reference/memory-service.js';

export interface Servers {
  readonly sql: DuckdbServer;
  readonly plain: MemoryService;
}

/** A connector with one mistake, and the check that must find it. */
export interface WrongConnector {
  readonly mistake: string;
  readonly check: string;
  /** What the check must say. */
  readonly says: RegExp;
  readonly subject: (servers: Servers) => ConformanceSubject;
}
