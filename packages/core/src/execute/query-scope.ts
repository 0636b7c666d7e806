import type { QueryScope } from '@tributary/contract';

/** What the sources of one query share, and what is to be cleaned up when it ends. */
export class QueryLifetime implements QueryScope {
  readonly id: string;
  readonly startedAt: number;
  readonly signal: AbortSignal;
  readonly #fragmentsByContext: ReadonlyMap<string, number>;
  readonly #shared = new Map<object, unknown>();
  readonly #cleanups: (() => Promise<void>)[] = [];

  constructor(
    { id, startedAt, signal }: Pick<QueryScope, 'id' | 'startedAt' | 'signal'>,
    computeContexts: readonly string[],
  ) {
    this.id = id;
    this.startedAt = startedAt;
    this.signal = signal;
    const counts = new Map<string, number>();
    for (const context of computeContexts) counts.set(context, (counts.get(context) ?? 0) + 1);
    this.#fragmentsByContext = counts;
  }

  fragmentsIn(computeContext: string): number {
    return this.#fragmentsByContext.get(computeContext) ?? 0;
  }

  shared<T>(key: object, make: () => T): T {
    if (!this.#shared.has(key)) this.#shared.set(key, make());
    return this.#shared.get(key) as T;
  }

  onEnd(cleanup: () => Promise<void>): void {
    this.#cleanups.push(cleanup);
  }

  /**
   * Runs the clean-ups, last registered first, each whatever became of the others. Their failures are dropped: the
   * query's outcome is decided, and an error in clearing up must not replace it.
   */
  async end(): Promise<void> {
    for (const cleanup of this.#cleanups.splice(0).toReversed()) {
      try {
        await cleanup();
      } catch {
        // Dropped on purpose: see above.
      }
    }
  }
}
