import { abortError, type QueryScope, TributaryError } from '@tributary/connector-sdk';
import type { Connections, Lease } from './connections.js';
import { rowsOf } from './connect.js';
import { orCut } from './or-cut.js';

/**
 * The one connection that all statements of a query run on, one after the other, when there are several: neither MySQL nor MariaDB can
 * hand a snapshot to another connection, and this transaction's is the same for all of them.
 */
export class QuerySnapshot {
  readonly #connections: Connections;
  readonly #sourceId: string;
  readonly #query: QueryScope;
  /** Settled when the statement before has ended. */
  #turn: Promise<void> = Promise.resolve();
  #lease: Lease | undefined;
  #isOver = false;

  constructor(connections: Connections, sourceId: string, query: QueryScope) {
    this.#connections = connections;
    this.#sourceId = sourceId;
    this.#query = query;
  }

  /** The connection, inside the transaction; `release` lets the query's next statement have it. */
  async acquire(signal: AbortSignal): Promise<Lease> {
    const mine = Promise.withResolvers<void>();
    const before = this.#turn;
    this.#turn = mine.promise;
    const aborted = Promise.withResolvers<never>();
    const abort = (): void => aborted.reject(abortError(signal));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    try {
      await Promise.race([before, aborted.promise]);
      const lease = await this.#opened(signal);
      return {
        ...lease,
        release: (destroy = false) => {
          if (destroy) this.#drop();
          mine.resolve();
        },
      };
    } catch (error) {
      void before.then(() => mine.resolve());
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** Ends the transaction and gives the connection back, once the statement that runs has ended. */
  async end(): Promise<void> {
    await this.#turn;
    this.#isOver = true;
    const lease = this.#lease;
    this.#lease = undefined;
    if (lease === undefined) return;
    const { connection } = lease;
    const isClean = await orCut(rowsOf(connection, 'ROLLBACK'), connection, AbortSignal.timeout(1000)).then(
      () => true,
      () => false,
    );
    lease.release(!isClean);
  }

  async #opened(signal: AbortSignal): Promise<Lease> {
    if (this.#isOver) {
      // A second snapshot would show another state of the database.
      throw new TributaryError('SOURCE.UNREACHABLE', {
        message: `Source ${this.#sourceId}: the query's snapshot is gone with its connection.`,
        sourceId: this.#sourceId,
      });
    }
    if (this.#lease !== undefined) return this.#lease;
    const lease = await this.#connections.acquire(signal, this.#query);
    const { connection } = lease;
    try {
      const begun = rowsOf(connection, 'START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
      await orCut(begun, connection, signal);
    } catch (error) {
      lease.release(true);
      throw error;
    }
    this.#lease = lease;
    return lease;
  }

  #drop(): void {
    this.#isOver = true;
    this.#lease?.release(true);
    this.#lease = undefined;
  }
}
