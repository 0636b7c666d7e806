import { SourcePermits } from '@tributary/connector-sdk';
import { abortError, TributaryError } from '@tributary/contract/errors';
import type { QueryScope } from '@tributary/contract/source';
import type { ConnectionOptions } from 'node:tls';
import { setTimeout as delay } from 'node:timers/promises';
import { DatabaseError, Pool, type PoolClient, type QueryResultRow } from 'pg';
import { classifyError } from '../errors/classify.js';
import type { PostgresOptions } from '../options.js';
import { sendCancelRequest, serverOffersTls } from './server-socket.js';
import { pinningStatement, poolConfig, tlsOptions } from './session.js';

/** A cancelled statement that does not end within this time loses its connection. */
const cancelGraceMs = 5_000;
/** A cancel that reaches its backend between two statements comes to nothing, so it is sent again this often. */
const cancelAgainMs = 250;

/** A connection that the caller has to himself until he gives it back. */
export interface Lease {
  readonly client: PoolClient;
  /** Back to the pool; `destroy` closes it instead. Idempotent. */
  release(destroy?: boolean): void;
}

/** The connections of one source: a node-postgres pool with abort, cancel and errors of ours. */
export class Connections {
  readonly #sourceId: string;
  readonly #options: PostgresOptions;
  /** The pool never has to let anybody wait: its own queue knows no AbortSignal and counts waiting as connecting. */
  readonly #permits: SourcePermits;
  readonly #out = new Set<Lease>();
  readonly #pinned = new WeakSet<PoolClient>();
  #pool: Promise<Pool> | undefined;
  #tls: ConnectionOptions | false = false;
  #closed = false;

  constructor(sourceId: string, computeContext: string, options: PostgresOptions) {
    this.#sourceId = sourceId;
    this.#options = options;
    this.#permits = new SourcePermits(computeContext, options.poolSize);
  }

  /** @param query the one that it is for, where it is not for a statement of the connector's own */
  async acquire(signal: AbortSignal, query?: QueryScope): Promise<Lease> {
    await this.#permits.take(signal, query);
    return this.#lease(signal);
  }

  /** A connection if one is to be had without waiting for somebody to give one back. */
  async acquireSpare(signal: AbortSignal): Promise<Lease | undefined> {
    return this.#permits.tryTake() ? this.#lease(signal) : undefined;
  }

  /** Runs a small statement of the connector's own, such as a look into the catalogue, and returns its rows. */
  async rows<Row extends QueryResultRow>(
    text: string,
    values: readonly unknown[],
    signal: AbortSignal,
    object?: string,
  ): Promise<readonly Row[]> {
    const lease = await this.acquire(signal);
    try {
      const result = await this.cancellable(lease, lease.client.query<Row>(text, [...values]), signal);
      lease.release();
      return result.rows;
    } catch (error) {
      // After an error of the server's the connection is as good as new.
      lease.release(!(error instanceof DatabaseError));
      throw signal.aborted ? abortError(signal) : classifyError(error, { sourceId: this.#sourceId, object });
    }
  }

  /**
   * Awaits a running statement; when `signal` fires, has the server cancel it and waits for its end, so that nothing of it
   * is left when this rejects.
   */
  async cancellable<T>(lease: Lease, running: Promise<T>, signal: AbortSignal): Promise<T> {
    let cancelling: Promise<void> | undefined;
    const abort = (): void => {
      cancelling = this.#cancel(lease.client, running);
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    try {
      return await running;
    } finally {
      signal.removeEventListener('abort', abort);
      await cancelling;
    }
  }

  /** Cuts what is still in use: its statements fail, and the server rolls back. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#permits.close();
    const pool = await this.#pool?.catch(() => undefined);
    for (const lease of this.#out) {
      lease.client.connection.stream.destroy();
      lease.release(true);
    }
    await pool?.end();
  }

  /** After a grace time the connection is cut instead: a server that does not answer cannot cancel either. */
  async #cancel(client: PoolClient, running: Promise<unknown>): Promise<void> {
    const grace = AbortSignal.timeout(cancelGraceMs);
    const expired = Promise.withResolvers<void>();
    grace.addEventListener('abort', () => expired.resolve(), { once: true });
    const over = new AbortController();
    const end = (): void => over.abort();
    const ended = running.then(end, end);
    const backend = backendOf(client);
    while (!over.signal.aborted && !grace.aborted) {
      if (backend !== undefined) {
        await sendCancelRequest(this.#options.server, this.#tls, backend, grace).catch(() => undefined);
      }
      await Promise.race([ended, expired.promise, delay(cancelAgainMs)]);
    }
    if (grace.aborted) client.connection.stream.destroy();
  }

  /** Takes over a permit. */
  async #lease(signal: AbortSignal): Promise<Lease> {
    const connecting = this.#connect(signal);
    const aborted = Promise.withResolvers<never>();
    const abort = (): void => aborted.reject(abortError(signal));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    try {
      return this.#leaseOf(await Promise.race([connecting, aborted.promise]));
    } catch (error) {
      // The pool goes on connecting; what comes late is given up, or goes straight back.
      const given = connecting.then(
        (client) => client.release(),
        () => undefined,
      );
      void given.then(() => this.#permits.give());
      throw signal.aborted ? abortError(signal) : classifyError(error, { sourceId: this.#sourceId });
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  #leaseOf(client: PoolClient): Lease {
    const lease: Lease = {
      client,
      release: (destroy = false) => {
        if (!this.#out.delete(lease)) return;
        client.release(destroy);
        this.#permits.give();
      },
    };
    this.#out.add(lease);
    return lease;
  }

  async #connect(signal: AbortSignal): Promise<PoolClient> {
    if (this.#closed) {
      throw new TributaryError('ENGINE.CLOSED', { message: `Source ${this.#sourceId} is closed.` });
    }
    this.#pool ??= this.#open();
    const pool = await this.#pool;
    const client = await pool.connect();
    if (this.#pinned.has(client)) return client;
    this.#pinned.add(client);
    // Without a listener the loss of a connection in use would end the process; its statement reports it.
    client.on('error', () => undefined);
    try {
      await this.#pin(client, signal);
      return client;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  async #pin(client: PoolClient, signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw abortError(signal);
    const { pooler, connectTimeoutMs } = this.#options;
    const backend = backendOf(client)?.processId;
    if (pooler === 'none' && backend === undefined) {
      throw this.#unsaidPooler('whoever answers does not tell the number of its backend, as PostgreSQL does');
    }
    const { text, values } = pinningStatement(pooler === 'none' ? backend : undefined);
    const cut = (): void => void client.connection.stream.destroy();
    // A part of connecting, but pg's own limit is over by now.
    const timer = setTimeout(cut, connectTimeoutMs);
    signal.addEventListener('abort', cut, { once: true });
    try {
      const { rows } = await client.query<{ readonly pinned: readonly string[] | null }>(text, [...values]);
      if (rows[0]?.pinned === null) {
        throw this.#unsaidPooler('a connection pooler stands before the server');
      }
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', cut);
    }
  }

  #unsaidPooler(reason: string): TributaryError {
    return new TributaryError('CONFIG.INVALID', {
      message: `${this.#sourceId}.pooler: is none, but ${reason}`,
      sourceId: this.#sourceId,
      fix: "Connect to the server itself; or set pooler: session, if the pooler keeps sessions whole (PgBouncer's pool_mode = session).",
    });
  }

  async #open(): Promise<Pool> {
    try {
      const { server, connectTimeoutMs } = this.#options;
      const offersTls =
        server.ssl.mode === 'prefer' &&
        (await serverOffersTls(server, AbortSignal.timeout(connectTimeoutMs)));
      this.#tls = tlsOptions(server, offersTls);
      const pool = new Pool(poolConfig(this.#options, this.#tls));
      // An idle connection that breaks is dropped by the pool; the next query makes a new one.
      pool.on('error', () => undefined);
      return pool;
    } catch (error) {
      this.#pool = undefined;
      throw error;
    }
  }
}

interface Backend {
  readonly processId: number;
  readonly secretKey: number;
}

/** node-postgres keeps the backend's id and key but does not declare them. */
function backendOf(client: PoolClient): Backend | undefined {
  if (!('processID' in client) || typeof client.processID !== 'number') return undefined;
  if (!('secretKey' in client) || typeof client.secretKey !== 'number') return undefined;
  return { processId: client.processID, secretKey: client.secretKey };
}
