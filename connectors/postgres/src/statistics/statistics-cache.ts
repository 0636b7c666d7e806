import type { CallContext, TableStatistics } from '@tributary/contract/source';
import type { DescribedTable } from '../discovery/describe-table.js';
import type { Connections } from '../execute/connections.js';
import { measureTable } from './table-statistics.js';

/** Long enough for the plans of one page of a dashboard, short enough to see a bulk load. */
const lifetimeMs = 30_000;

interface Entry {
  readonly expires: number;
  readonly statistics: Promise<TableStatistics | undefined>;
}

export class StatisticsCache {
  readonly #connections: Connections;
  readonly #entries = new Map<string, Entry>();

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  of(table: DescribedTable, context: CallContext): Promise<TableStatistics | undefined> {
    const key = `${table.schema.table.schema}\0${table.schema.table.name}\0${table.schema.version}`;
    const known = this.#entries.get(key);
    const now = performance.now();
    if (known !== undefined && known.expires > now) return known.statistics;
    const statistics = measureTable(this.#connections, table, context);
    this.#entries.set(key, { expires: now + lifetimeMs, statistics });
    // A failure (or another caller's abort) is not remembered.
    statistics.catch(() => this.#entries.delete(key));
    return statistics;
  }
}
