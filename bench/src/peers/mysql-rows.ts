import { type Connection, createConnection } from 'mysql2';

/** One connection through mysql2, as one would use it without us; rows are arrays, its quickest form. */
export class MysqlRows implements AsyncDisposable {
  readonly #connection: Connection;

  constructor(url: string) {
    this.#connection = createConnection({ uri: url, rowsAsArray: true });
  }

  /** Streams the rows of an answer and throws them away; returns how many there were. */
  discard(sql: string): Promise<number> {
    let rows = 0;
    return new Promise((resolve, reject) => {
      this.#connection
        .query(sql)
        .stream({ highWaterMark: 1000 })
        .on('data', () => rows++)
        .on('error', reject)
        .on('end', () => resolve(rows));
    });
  }

  /** Fetches the rows of an answer, each `?` with its value; returns how many there were. */
  count(sql: string, values: readonly unknown[]): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#connection.query(sql, [...values], (error, rows) => {
        if (error !== null) reject(error);
        else resolve(Array.isArray(rows) ? rows.length : 0);
      });
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return new Promise((resolve) => {
      this.#connection.end(() => resolve());
    });
  }
}
