import { abortError } from '@tributary/contract/errors';
import type { QueryScope } from '@tributary/contract/source';
import { Permits } from './permits.js';

/** All that are open in this process, in the order in which they were made, which is the order in which queries take them. */
const open = new Set<SourcePermits>();

/**
 * Permits for the connections of one source that cannot make queries wait for each other in a ring.
 *
 * A query with several statements in a source keeps its connection, for the snapshot, while it waits for another source: two queries
 * that do so from either side would wait for ever once both pools are empty. So such a query takes one permit of every source that it
 * reads before it connects to any, always in the same order. Other queries hold a permit only while a statement runs.
 */
export class SourcePermits {
  readonly #computeContext: string;
  readonly #permits: Permits;

  /** @param total connections at once */
  constructor(computeContext: string, total: number) {
    this.#computeContext = computeContext;
    this.#permits = new Permits(total);
    open.add(this);
  }

  /** One permit, for a statement of the connector's own or of a query. A further one for the same query must be `tryTake`n. */
  async take(signal: AbortSignal, query?: QueryScope): Promise<void> {
    const reservation = query && reservationOf(query);
    if (reservation === undefined) return this.#permits.take(signal);
    await orAborted(reservation.taken, signal);
    if (!reservation.use(this)) await this.#permits.take(signal);
  }

  /** Takes one if nobody waits for it. */
  tryTake(): boolean {
    return this.#permits.tryTake();
  }

  give(): void {
    this.#permits.give();
  }

  /** Its source is closed: no query waits for it any longer before it has to. */
  close(): void {
    open.delete(this);
  }

  /** Statements of the query that may run here. */
  statementsOf(query: QueryScope): number {
    return query.fragmentsIn(this.#computeContext);
  }
}

/** What a query has taken and not used yet. */
class Reservation {
  readonly taken: Promise<void>;
  readonly #unused = new Set<SourcePermits>();

  constructor(all: readonly SourcePermits[], query: QueryScope) {
    const ended = new AbortController();
    this.taken = this.#take(all, AbortSignal.any([query.signal, ended.signal]));
    const settled = this.taken.catch(() => undefined);
    query.onEnd(async () => {
      ended.abort();
      await settled;
      for (const permits of this.#unused) permits.give();
      this.#unused.clear();
    });
  }

  /** Whether one of these was kept for the query; it is the caller's then. */
  use(permits: SourcePermits): boolean {
    return this.#unused.delete(permits);
  }

  async #take(all: readonly SourcePermits[], signal: AbortSignal): Promise<void> {
    for (const permits of all) {
      await permits.take(signal);
      this.#unused.add(permits);
    }
  }
}

const reservationKey = {};

/** Undefined for a query that never waits for a connection while it keeps one. */
function reservationOf(query: QueryScope): Reservation | undefined {
  return query.shared(reservationKey, () => {
    const read = [...open].filter((permits) => permits.statementsOf(query) > 0);
    const keepsOne = read.some((permits) => permits.statementsOf(query) > 1);
    return keepsOne && read.length > 1 ? new Reservation(read, query) : undefined;
  });
}

async function orAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(abortError(signal));
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  try {
    await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
