import { abortError, type QueryScope, SourcePermits, TributaryError } from '@tributary/connector-sdk';
import type { Connection, RowDataPacket } from 'mysql2';
import type { MySqlOptions } from '../options.js';
import { type Product, productTitle } from '../product.js';
import { serverErrorNumber } from '../errors/classify.js';
import { connectPlainly, openSession, rowsOf, type Session } from './connect.js';
import { IdleSessions } from './idle-sessions.js';
import { orCut } from './or-cut.js';
import { statementTimeout } from './session.js';

/** A connection that the caller has to himself until he gives it back. */
export interface Lease extends Session {
  /** Back to the pool; `destroy` closes it instead. Idempotent. */
  release(destroy?: boolean): void;
}

/** The connections of one source, made as they are needed and kept while they are of use. */
export class Connections {
  readonly #sourceId: string;
  readonly #options: MySqlOptions;
  readonly #permits: SourcePermits;
  readonly #idle: IdleSessions;
  readonly #out = new Set<Lease>();
  /** What each session's own limit for a statement is set to, in milliseconds. */
  readonly #timeouts = new WeakMap<Connection, number>();
  #product: Product | undefined;
  #isClosed = false;

  constructor(sourceId: string, computeContext: string, options: MySqlOptions) {
    this.#sourceId = sourceId;
    this.#options = options;
    this.#permits = new SourcePermits(computeContext, options.poolSize);
    this.#idle = new IdleSessions(options.idleTimeoutMs);
  }

  /** What the server is, once a connection has been made. */
  get product(): Product | undefined {
    return this.#product;
  }

  /** @param query the one that it is for, where it is not for a statement of the connector's own */
  async acquire(signal: AbortSignal, query?: QueryScope): Promise<Lease> {
    await this.#permits.take(signal, query);
    const opening = this.#session();
    const aborted = Promise.withResolvers<never>();
    const abort = (): void => aborted.reject(abortError(signal));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    try {
      return this.#leaseOf(await Promise.race([opening, aborted.promise]));
    } catch (error) {
      // What comes late is kept for the next one.
      const kept = opening.then(
        (session) => this.#keep(session),
        () => undefined,
      );
      void kept.then(() => this.#permits.give());
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** Runs a small statement of the connector's own, such as a look into the catalogue, and returns its rows. */
  async rows(
    sql: string,
    values: readonly unknown[],
    signal: AbortSignal,
  ): Promise<readonly RowDataPacket[]> {
    const lease = await this.acquire(signal);
    let isBroken = true;
    const abort = (): void => void this.kill(lease.connection.threadId).catch(() => undefined);
    signal.addEventListener('abort', abort, { once: true });
    try {
      const rows = await orCut(rowsOf(lease.connection, sql, values), lease.connection, signal);
      isBroken = signal.aborted;
      return rows;
    } catch (error) {
      // After an error of the server's the connection is as good as new, unless a KILL may still be under way.
      isBroken = signal.aborted || serverErrorNumber(error) === undefined;
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
      lease.release(isBroken);
    }
  }

  /** Sets the server's own limit for a session's statements. */
  async limit({ connection, product }: Session, timeoutMs: number, signal: AbortSignal): Promise<void> {
    if (this.#timeouts.get(connection) === timeoutMs) return;
    await orCut(rowsOf(connection, statementTimeout(product.name, timeoutMs)), connection, signal);
    this.#timeouts.set(connection, timeoutMs);
  }

  /** Ends the statement that a connection runs, over another connection, which the pool need not have to spare. */
  async kill(threadId: number): Promise<void> {
    const connection = await connectPlainly(this.#options);
    try {
      await rowsOf(connection, `KILL QUERY ${threadId}`);
    } finally {
      connection.destroy();
    }
  }

  /** Cuts what is still in use: its statements fail, and the server ends them. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#permits.close();
    for (const lease of this.#out) lease.release(true);
    this.#idle.close();
  }

  async #session(): Promise<Session> {
    if (this.#isClosed) {
      throw new TributaryError('ENGINE.CLOSED', { message: `Source ${this.#sourceId} is closed.` });
    }
    const idle = this.#idle.take();
    if (idle !== undefined) return idle;
    const session = await openSession(this.#options, this.#sourceId);
    if (this.#product !== undefined && this.#product.name !== session.product.name) {
      session.connection.destroy();
      throw new TributaryError('SOURCE.UNREACHABLE', {
        message: `Source ${this.#sourceId}: the server was ${productTitle(this.#product)} and is now ${productTitle(session.product)}.`,
        sourceId: this.#sourceId,
        fix: 'Restart, so that queries are planned for the new server.',
      });
    }
    this.#product = session.product;
    return session;
  }

  #leaseOf(session: Session): Lease {
    const lease: Lease = {
      ...session,
      release: (destroy = false) => {
        if (!this.#out.delete(lease)) return;
        if (destroy) session.connection.destroy();
        else this.#keep(session);
        this.#permits.give();
      },
    };
    this.#out.add(lease);
    return lease;
  }

  #keep(session: Session): void {
    if (this.#isClosed) session.connection.destroy();
    else this.#idle.keep(session);
  }
}
