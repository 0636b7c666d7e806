import { DuckdbSession } from './duckdb/duckdb-session.js';
import type { DuckdbRoom } from './duckdb/duckdb-room.js';

/** A DuckDB schema of one query's own, for key sets and small results; made at the first table. */
export class QuerySchema {
  readonly #room: DuckdbRoom;
  readonly #name: string;
  #created: Promise<void> | undefined;
  #tables = 0;

  constructor(room: DuckdbRoom, name: string) {
    this.#room = room;
    this.#name = name;
  }

  /** A fresh table's qualified name. */
  async newTable(session: DuckdbSession): Promise<string> {
    this.#created ??= session.run(`CREATE SCHEMA "${this.#name}"`);
    await this.#created;
    this.#tables++;
    return `"${this.#name}"."t${this.#tables}"`;
  }

  async drop(): Promise<void> {
    if (this.#created === undefined) return;
    await using session = await DuckdbSession.open(this.#room, new AbortController().signal);
    await session.run(`DROP SCHEMA IF EXISTS "${this.#name}" CASCADE`);
  }
}
