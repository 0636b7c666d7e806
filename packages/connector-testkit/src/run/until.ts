import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 20;

/** Polls until the condition holds, for `ms` milliseconds at most. @returns whether it came to hold */
export async function within(ms: number, condition: () => boolean | Promise<boolean>): Promise<boolean> {
  const end = performance.now() + ms;
  for (;;) {
    if (await condition()) return true;
    if (performance.now() > end) return false;
    await sleep(pollMs);
  }
}

/** What became of a promise within `ms` milliseconds. */
export async function outcomeWithin<T>(
  ms: number,
  promise: Promise<T>,
): Promise<
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'pending' }
> {
  using timer = new Timer(ms);
  return Promise.race([
    promise.then(
      (value) => ({ kind: 'done', value }) as const,
      (error: unknown) => ({ kind: 'failed', error }) as const,
    ),
    timer.over.then(() => ({ kind: 'pending' }) as const),
  ]);
}

class Timer implements Disposable {
  readonly over: Promise<void>;
  #handle: NodeJS.Timeout | undefined;

  constructor(ms: number) {
    this.over = new Promise((resolve) => {
      this.#handle = setTimeout(resolve, ms);
    });
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#handle);
  }
}
