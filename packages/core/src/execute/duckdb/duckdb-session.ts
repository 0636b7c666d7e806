import {
  type DuckDBConnection,
  type DuckDBDataChunk,
  type DuckDBPreparedStatement,
  type DuckDBResult,
  ResultReturnType,
} from '@duckdb/node-api';
import { abortError } from '@tributary/contract';
import type { DuckdbRoom } from './duckdb-room.js';

/** DuckDB forgets an interrupt that comes before the statement has started, so it is repeated until the call ends. */
const interruptEveryMs = 10;

/** DuckDB failed in the middle of a streaming result. Why, its Node bindings do not tell. */
export class BrokenStreamError extends Error {
  override readonly name = 'BrokenStreamError';

  constructor() {
    super('DuckDB stopped in the middle of the result.');
  }
}

/**
 * A connection for as long as one piece of work needs it. One call at a time; every call ends early, with the signal's
 * reason, when the signal fires.
 */
export class DuckdbSession implements AsyncDisposable {
  readonly #room: DuckdbRoom;
  readonly #connection: DuckDBConnection;
  readonly #signal: AbortSignal;
  #running: Promise<unknown> = Promise.resolve();
  #dirty = false;
  #closed = false;

  private constructor(room: DuckdbRoom, connection: DuckDBConnection, signal: AbortSignal) {
    this.#room = room;
    this.#connection = connection;
    this.#signal = signal;
  }

  static async open(room: DuckdbRoom, signal: AbortSignal): Promise<DuckdbSession> {
    return new DuckdbSession(room, await room.connect(), signal);
  }

  async run(sql: string): Promise<void> {
    await this.call(() => this.#connection.run(sql));
  }

  /** All values of a small result, row by row. */
  async rows(sql: string): Promise<readonly (readonly unknown[])[]> {
    const reader = await this.call(() => this.#connection.runAndReadAll(sql));
    return reader.getRows();
  }

  prepare(sql: string): Promise<DuckDBPreparedStatement> {
    return this.call(() => this.#connection.prepare(sql));
  }

  /** Starts a statement whose result is pulled chunk by chunk. */
  stream(statement: DuckDBPreparedStatement): Promise<DuckDBResult> {
    this.#dirty = true;
    return this.call(() => statement.stream());
  }

  /**
   * The next chunk of a streaming result; undefined at its end.
   * @throws BrokenStreamError when the statement failed in the middle.
   */
  async fetch(result: DuckDBResult): Promise<DuckDBDataChunk | undefined> {
    const chunk = await this.call(() => result.fetchChunk());
    if (chunk !== null && chunk.rowCount > 0) return chunk;
    // A failed stream looks like one at its end: the bindings drop the error. Only the result's type tells.
    if (result.returnType !== ResultReturnType.INVALID) {
      this.#dirty = false;
      return undefined;
    }
    if (this.#signal.aborted) throw abortError(this.#signal);
    throw new BrokenStreamError();
  }

  async call<T>(work: () => Promise<T>): Promise<T> {
    const leave = await this.#room.calls.enter(this.#signal);
    let timer: NodeJS.Timeout | undefined;
    const interrupt = (): void => {
      this.#connection.interrupt();
      timer = setTimeout(interrupt, interruptEveryMs);
    };
    this.#signal.addEventListener('abort', interrupt, { once: true });
    const running = work();
    this.#running = running.catch(() => undefined);
    try {
      return await running;
    } catch (error) {
      this.#dirty = true;
      throw this.#signal.aborted ? abortError(this.#signal) : error;
    } finally {
      leave();
      this.#signal.removeEventListener('abort', interrupt);
      clearTimeout(timer);
    }
  }

  /** Waits for the call under way. A connection with a half-read result is not reused. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#dirty) this.#connection.interrupt();
    await this.#running;
    if (this.#dirty) this.#connection.closeSync();
    else this.#room.release(this.#connection);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
