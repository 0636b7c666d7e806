import { TributaryError, abortError } from '@tributary/contract';

/** One query's signal. The first failure, whoever's it is, stops everything and is what the caller sees. */
export class QueryControl implements Disposable {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout | undefined;

  /** @param startedAt from when the timeout counts, as `performance.now()` says it */
  constructor(caller: AbortSignal | undefined, timeoutMs: number | undefined, startedAt: number) {
    this.#caller = caller;
    if (caller?.aborted === true) this.#cancel();
    else caller?.addEventListener('abort', this.#cancel, { once: true });
    if (timeoutMs !== undefined) {
      this.#timer = setTimeout(
        () => {
          this.stop(
            new TributaryError('QUERY.TIMEOUT', { message: `The query took longer than ${timeoutMs} ms.` }),
          );
        },
        Math.max(1, startedAt + timeoutMs - performance.now()),
      );
    }
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get failure(): TributaryError | undefined {
    return this.signal.aborted ? abortError(this.signal) : undefined;
  }

  /** Stops the query; only the first reason counts. */
  stop(reason: TributaryError): void {
    this.#controller.abort(reason);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener('abort', this.#cancel);
  }

  readonly #cancel = (): void => {
    if (this.#caller !== undefined) this.stop(abortError(this.#caller));
  };
}
