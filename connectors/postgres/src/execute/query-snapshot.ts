import { abortError, TributaryError } from '@tributary/contract/errors';
import type { QueryScope } from '@tributary/contract/source';
import { classifyError } from '../errors/classify.js';
import type { Connections, Lease } from './connections.js';
import type { ExecutionScope } from './execution-scope.js';

/**
 * The state of the database that every statement of one query sees, on however many connections. The first connection
 * exports its snapshot and keeps its transaction open; the others import it.
 *
 * A query never waits for a second connection: it takes more only where there are spare ones and goes on with those it has
 * otherwise, so queries cannot lock each other out of the pool.
 */
export class QuerySnapshot {
  readonly #connections: Connections;
  readonly #sourceId: string;
  readonly #query: QueryScope;
  readonly #begin: string;
  readonly #all = new Set<Lease>();
  readonly #idle: Lease[] = [];
  readonly #waiting = new Set<PromiseWithResolvers<void>>();
  #exported: Promise<string> | undefined;
  #done = 0;

  /** @param statementTimeoutMs the server's own limit for each statement, a backstop behind the cancel */
  constructor(scope: ExecutionScope, query: QueryScope, statementTimeoutMs: number) {
    this.#connections = scope.connections;
    this.#sourceId = scope.sourceId;
    this.#query = query;
    this.#begin = `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = ${statementTimeoutMs}`;
  }

  /** A connection inside the snapshot; `release` keeps it for the query's next statement. */
  async lease(signal: AbortSignal): Promise<Lease> {
    if (this.#exported === undefined) return this.#export(signal);
    for (;;) {
      const lease = await this.spare(signal);
      if (lease !== undefined) return lease;
      await this.#someoneDone(signal);
    }
  }

  /** As `lease`, but undefined where all connections are busy. */
  async spare(signal: AbortSignal): Promise<Lease | undefined> {
    const id = await this.#exported;
    const idle = this.#idle.pop();
    if (idle !== undefined) return this.#kept(idle);
    const lease = await this.#connections.acquireSpare(signal);
    if (lease === undefined) return undefined;
    await this.#run(lease, `${this.#begin}; SET TRANSACTION SNAPSHOT '${id}'`, signal);
    return this.#kept(lease);
  }

  /** Says that one of the query's `total` fragments is done; after the last one nothing holds the snapshot any longer. */
  async fragmentDone(total: number): Promise<void> {
    this.#done += 1;
    if (this.#done >= total) await this.end();
  }

  /** Ends the transactions and gives the connections back. */
  async end(): Promise<void> {
    const idle = new Set(this.#idle.splice(0));
    for (const lease of this.#all) {
      const isClean =
        idle.has(lease) &&
        (await lease.client.query('ROLLBACK').then(
          () => true,
          () => false,
        ));
      lease.release(!isClean);
    }
    this.#all.clear();
  }

  async #export(signal: AbortSignal): Promise<Lease> {
    const exported = Promise.withResolvers<string>();
    exported.promise.catch(() => undefined);
    this.#exported = exported.promise;
    try {
      const lease = await this.#connections.acquire(signal, this.#query);
      const row = await this.#run(lease, `${this.#begin}; SELECT pg_export_snapshot() AS id`, signal);
      exported.resolve(String(row['id']));
      return this.#kept(lease);
    } catch (error) {
      exported.reject(error);
      throw error;
    }
  }

  /** Several statements in one message; the last one's first row. */
  async #run(lease: Lease, text: string, signal: AbortSignal): Promise<Record<string, unknown>> {
    this.#all.add(lease);
    try {
      const results: unknown = await this.#connections.cancellable(lease, lease.client.query(text), signal);
      if (signal.aborted) throw abortError(signal);
      return lastRow(results);
    } catch (error) {
      this.#drop(lease);
      throw signal.aborted ? abortError(signal) : classifyError(error, { sourceId: this.#sourceId });
    }
  }

  #kept(lease: Lease): Lease {
    let isOut = true;
    return {
      client: lease.client,
      release: (destroy = false) => {
        if (!isOut) return;
        isOut = false;
        if (destroy) this.#drop(lease);
        else this.#idle.push(lease);
        const [next] = this.#waiting;
        next?.resolve();
      },
    };
  }

  #drop(lease: Lease): void {
    this.#all.delete(lease);
    lease.release(true);
  }

  async #someoneDone(signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw abortError(signal);
    if (this.#all.size === 0) {
      throw new TributaryError('SOURCE.UNREACHABLE', {
        message: `Source ${this.#sourceId}: the query's snapshot is gone with its connection.`,
        sourceId: this.#sourceId,
      });
    }
    const done = Promise.withResolvers<void>();
    const abort = (): void => done.reject(abortError(signal));
    this.#waiting.add(done);
    signal.addEventListener('abort', abort, { once: true });
    try {
      await done.promise;
    } finally {
      this.#waiting.delete(done);
      signal.removeEventListener('abort', abort);
    }
  }
}

/** node-postgres answers several statements with an array of results, which its types do not say. */
function lastRow(results: unknown): Record<string, unknown> {
  const last: unknown = Array.isArray(results) ? results.at(-1) : results;
  if (typeof last !== 'object' || last === null || !('rows' in last) || !Array.isArray(last.rows)) return {};
  const row: unknown = last.rows[0];
  return typeof row === 'object' && row !== null ? { ...row } : {};
}
