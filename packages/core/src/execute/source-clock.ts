import { TributaryError } from '@tributary/contract';

/**
 * A source's time for one fragment. It runs while the engine waits for the source and stands while the source waits for
 * the engine: a slow reader is not the source's fault.
 */
export class SourceClock {
  readonly timeoutMs: number;
  readonly #controller = new AbortController();
  readonly #sourceId: string;
  readonly #query: AbortSignal;
  #leftMs: number;
  #startedAt: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(sourceId: string, timeoutMs: number, query: AbortSignal) {
    this.#sourceId = sourceId;
    this.timeoutMs = timeoutMs;
    this.#leftMs = timeoutMs;
    this.#query = query;
    if (query.aborted) this.#follow();
    else query.addEventListener('abort', this.#follow, { once: true });
  }

  /** Fires when the time is over and when the query ends early. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  run(): void {
    if (this.#startedAt !== undefined) return;
    this.#startedAt = performance.now();
    this.#timer = setTimeout(() => this.#expire(), Math.max(0, this.#leftMs));
  }

  pause(): void {
    if (this.#startedAt === undefined) return;
    clearTimeout(this.#timer);
    this.#leftMs -= performance.now() - this.#startedAt;
    this.#startedAt = undefined;
  }

  /** The fragment has ended; nothing fires any more. */
  stop(): void {
    this.pause();
    this.#query.removeEventListener('abort', this.#follow);
  }

  #expire(): void {
    this.#controller.abort(
      new TributaryError('SOURCE.TIMEOUT', {
        message: `Source "${this.#sourceId}" took longer than its timeout of ${this.timeoutMs} ms.`,
        fix: `Raise the timeout of "${this.#sourceId}" (sourceTimeoutsMs, or timeoutMs for all), or make the query smaller.`,
        sourceId: this.#sourceId,
      }),
    );
  }

  readonly #follow = (): void => {
    this.#controller.abort(this.#query.reason);
  };
}
