import type { Connection } from 'pg';

/** Statements that a connection keeps at most; further ones are parsed each time. */
const maxStatements = 100;

const byConnection = new WeakMap<Connection, PreparedStatements>();

/** The statements that the server has parsed and kept for a connection, by text. */
export class PreparedStatements {
  readonly #names = new Map<string, string>();
  #made = 0;

  static of(connection: Connection): PreparedStatements {
    const known = byConnection.get(connection);
    if (known !== undefined) return known;
    const made = new PreparedStatements();
    byConnection.set(connection, made);
    return made;
  }

  nameOf(sql: string): string | undefined {
    return this.#names.get(sql);
  }

  /** A name to prepare a statement under; empty (which the server keeps no longer than the next one) when there are enough. */
  newName(): string {
    if (this.#names.size >= maxStatements) return '';
    this.#made += 1;
    return `tributary_${this.#made}`;
  }

  /** The server has accepted the statement under this name. */
  keep(sql: string, name: string): void {
    if (name !== '') this.#names.set(sql, name);
  }

  /** It has not, or no longer does. */
  forget(sql: string): void {
    this.#names.delete(sql);
  }
}
