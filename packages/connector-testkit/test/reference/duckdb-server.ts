import { setImmediate } from 'node:timers/promises';
import {
  type DuckDBConnection,
  DuckDBInstance,
  DuckDBListValue,
  type DuckDBValue,
  LIST,
  VARCHAR,
} from '@duckdb/node-api';

/** Refused, broken or failed: what a database's client raises. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
  readonly kind: 'authentication' | 'connection' | 'missing' | 'failed';

  constructor(kind: ServerError['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

const interruptEveryMs = 10;

/** A database server in this process: DuckDB behind a password, with connections that can break and statements that can be counted. */
export class DuckdbServer implements AsyncDisposable {
  readonly password = 'reference-passw0rd';
  readonly #instance: DuckDBInstance;
  readonly #admin: DuckDBConnection;
  #active = 0;
  #bytes = 0;
  #interruptions = 0;

  private constructor(instance: DuckDBInstance, admin: DuckDBConnection) {
    this.#instance = instance;
    this.#admin = admin;
  }

  static async open(): Promise<DuckdbServer> {
    const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
    const admin = await instance.connect();
    await admin.run("SET GLOBAL TimeZone = 'UTC'");
    return new DuckdbServer(instance, admin);
  }

  /** Statements that run. */
  get active(): number {
    return this.#active;
  }

  /** About how many bytes were answered. */
  get bytes(): number {
    return this.#bytes;
  }

  async run(sql: string): Promise<void> {
    await this.#admin.run(sql);
  }

  /** Breaks every answer that streams. */
  interrupt(): void {
    this.#interruptions += 1;
  }

  /** Rows of a statement as they are asked for. Stops working when the signal fires. */
  async *query(
    password: string,
    sql: string,
    values: readonly (string | null | readonly string[])[],
    signal: AbortSignal,
  ): AsyncGenerator<readonly (readonly DuckDBValue[])[], void, undefined> {
    if (password !== this.password) throw new ServerError('authentication', 'password refused');
    const connection = await this.#instance.connect();
    let timer: NodeJS.Timeout | undefined;
    const stop = (): void => {
      connection.interrupt();
      timer = setTimeout(stop, interruptEveryMs);
    };
    signal.addEventListener('abort', stop, { once: true });
    const interruptions = this.#interruptions;
    this.#active += 1;
    try {
      const statement = await connection.prepare(sql);
      for (const [i, value] of values.entries()) {
        if (value === null) statement.bindNull(i + 1);
        else if (typeof value === 'string') statement.bindVarchar(i + 1, value);
        else statement.bindList(i + 1, new DuckDBListValue([...value]), LIST(VARCHAR));
      }
      const result = await statement.stream();
      for (;;) {
        const chunk = await result.fetchChunk();
        signal.throwIfAborted();
        if (chunk === null || chunk.rowCount === 0) return;
        if (this.#interruptions > interruptions) throw new ServerError('connection', 'connection lost');
        const rows = chunk.getRows();
        this.#bytes += rows.reduce((sum, row) => sum + row.join().length, 0);
        yield rows;
        // As from a socket: not all in one turn.
        await setImmediate();
      }
    } catch (error) {
      if (error instanceof ServerError) throw error;
      const message = error instanceof Error ? error.message : String(error);
      throw new ServerError(
        /not exist|not found|not have a column/.test(message) ? 'missing' : 'failed',
        message,
      );
    } finally {
      this.#active -= 1;
      signal.removeEventListener('abort', stop);
      clearTimeout(timer);
      connection.closeSync();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#admin.closeSync();
    this.#instance.closeSync();
  }
}
