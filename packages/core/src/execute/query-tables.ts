import type { DuckdbRoom } from './duckdb/duckdb-room.js';
import { DuckdbSession } from './duckdb/duckdb-session.js';

/** One query's tables in DuckDB, for large key sets and small results. */
export class QueryTables {
  readonly #room: DuckdbRoom;
  readonly #queryId: string;
  readonly #names: string[] = [];

  constructor(room: DuckdbRoom, queryId: string) {
    this.#room = room;
    this.#queryId = queryId;
  }

  /** The quoted name of a table that does not exist yet. */
  newName(): string {
    const name = `"${this.#queryId}_${this.#names.length + 1}"`;
    this.#names.push(name);
    return name;
  }

  async drop(): Promise<void> {
    if (this.#names.length === 0) return;
    await using session = await DuckdbSession.open(this.#room, new AbortController().signal);
    for (const name of this.#names.splice(0)) await session.run(`DROP TABLE IF EXISTS ${name}`);
  }
}
