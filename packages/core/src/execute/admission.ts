import { abortError } from '@tributary/contract';

interface Waiter {
  readonly admit: () => void;
}

/** Lets a number of queries run at once; the others wait in the order they came. */
export class Admission {
  readonly #waiting: Waiter[] = [];
  #free: number;

  constructor(limit: number) {
    this.#free = limit;
  }

  /**
   * Waits for a place and returns the function that gives it back.
   * @throws TributaryError the signal's reason, when it fires first.
   */
  async enter(signal: AbortSignal): Promise<() => void> {
    if (signal.aborted) throw abortError(signal);
    if (this.#free > 0) this.#free--;
    else await this.#wait(signal);
    let entered = true;
    return () => {
      if (entered) this.#leave();
      entered = false;
    };
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        const index = this.#waiting.indexOf(waiter);
        if (index >= 0) this.#waiting.splice(index, 1);
        reject(abortError(signal));
      };
      const waiter: Waiter = {
        admit: () => {
          signal.removeEventListener('abort', giveUp);
          resolve();
        },
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.push(waiter);
    });
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free++;
    else next.admit();
  }
}
