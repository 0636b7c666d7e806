import { abortError } from '@tributary/contract/errors';
import type { ExecuteContext } from '@tributary/contract/source';
import { type AnswerOrigin, failureOf } from './answer-origin.js';

/**
 * An answer's items, the first one taken already: a statement that fails at once fails before anything is delivered, and a
 * generator that has begun runs its `finally` when it is left. Errors are the contract's. The source is left at the latest when the
 * query ends.
 */
export async function opened<T>(
  items: AsyncIterable<T>,
  ctx: ExecuteContext,
  origin: AnswerOrigin,
): Promise<OpenedItems<T>> {
  const iterator = items[Symbol.asyncIterator]();
  ctx.query.onEnd(async () => {
    await iterator.return?.();
  });
  const all = new OpenedItems(iterator, ctx.signal, origin);
  await all.takeFirst();
  return all;
}

export class OpenedItems<T> implements AsyncIterableIterator<T, undefined> {
  readonly #iterator: AsyncIterator<T>;
  readonly #signal: AbortSignal;
  readonly #origin: AnswerOrigin;
  #first: IteratorResult<T, undefined> | undefined;

  constructor(iterator: AsyncIterator<T>, signal: AbortSignal, origin: AnswerOrigin) {
    this.#iterator = iterator;
    this.#signal = signal;
    this.#origin = origin;
  }

  /** The first item, undefined where there is none. */
  get first(): T | undefined {
    return this.#first?.value;
  }

  async takeFirst(): Promise<void> {
    this.#first = await this.#take();
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    const first = this.#first;
    if (first === undefined) return this.#take();
    this.#first = first.done === true ? first : undefined;
    return first;
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    await this.#iterator.return?.();
    this.#first = { done: true, value: undefined };
    return this.#first;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #take(): Promise<IteratorResult<T, undefined>> {
    try {
      if (this.#signal.aborted) throw abortError(this.#signal);
      const { done, value } = await this.#iterator.next();
      if (done === true) return { done, value: undefined };
      return { done: false, value };
    } catch (error) {
      await this.#iterator.return?.();
      throw failureOf(error, this.#signal, this.#origin);
    }
  }
}
