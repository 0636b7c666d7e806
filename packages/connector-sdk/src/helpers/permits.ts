import { abortError } from '@tributary/contract/errors';

/** Counts what may be out at once; who comes when none is left waits in order. */
export class Permits {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(total: number) {
    this.#free = total;
  }

  /** Takes one if nobody waits for it. */
  tryTake(): boolean {
    if (this.#free === 0) return false;
    this.#free -= 1;
    return true;
  }

  async take(signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw abortError(signal);
    if (this.tryTake()) return;
    const turn = Promise.withResolvers<void>();
    const grant = (): void => turn.resolve();
    const abort = (): void => {
      if (this.#waiting.delete(grant)) turn.reject(abortError(signal));
    };
    this.#waiting.add(grant);
    signal.addEventListener('abort', abort, { once: true });
    try {
      await turn.promise;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  give(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#free += 1;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
