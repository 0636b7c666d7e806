import type { CallContext, RemoteTableSchema, TableStatistics } from '@tributary/connector-sdk';
import type { Server } from '../execute/server.js';
import { measureTable } from './table-statistics.js';

/** Long enough for the plans of one page of a dashboard, short enough to see a bulk load. */
const lifetimeMs = 30_000;

interface Entry {
  readonly expires: number;
  readonly statistics: Promise<TableStatistics | undefined>;
}

export class StatisticsCache {
  readonly #server: Server;
  readonly #entries = new Map<string, Entry>();

  constructor(server: Server) {
    this.#server = server;
  }

  of(schema: RemoteTableSchema, ctx: CallContext): Promise<TableStatistics | undefined> {
    const { table, version } = schema;
    const key = JSON.stringify([table.schema, table.name, version]);
    const known = this.#entries.get(key);
    const now = performance.now();
    if (known !== undefined && known.expires > now) return known.statistics;
    const statistics = measureTable(this.#server, schema, ctx);
    this.#entries.set(key, { expires: now + lifetimeMs, statistics });
    // A failure (or another caller's abort) is not remembered.
    statistics.catch(() => this.#entries.delete(key));
    return statistics;
  }
}
