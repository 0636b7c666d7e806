import type { TributaryError } from '@tributary/connector-sdk';
import type { StoreCall } from './object-store.js';
import { type StoreFailure, storeError } from './store-error.js';

/** A kind of store, as far as its errors go. */
export interface StoreErrorsOptions {
  readonly sourceId: string;
  /** Of the store. */
  readonly locationOf: (key: string) => string;
  /** What an error of the store means; undefined where it is none of the store's. */
  readonly failureOf: (error: unknown) => StoreFailure | undefined;
  /** What to do about an error of the store, where its kind alone says too little. */
  readonly fixOf?: (error: unknown) => string | undefined;
  /** An error without secrets. Default: as it is. */
  readonly tellable?: (error: unknown) => unknown;
}

/** Makes errors of ours of what goes wrong with the calls of one store. */
export class StoreErrors {
  readonly #options: StoreErrorsOptions;

  constructor(options: StoreErrorsOptions) {
    this.#options = options;
  }

  /** Does what a call asks for, and throws nothing but errors of ours. */
  async call<T>(key: string, call: StoreCall, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.of(error, key, call);
    }
  }

  /** Of what a client of the store threw. */
  of(error: unknown, key: string, call: StoreCall): TributaryError {
    return this.failed(this.#options.failureOf(error), error, key, call);
  }

  /** Of what is seen in an answer, though the store has not said that anything is wrong. */
  failed(
    failure: StoreFailure | undefined,
    why: unknown,
    key: string,
    { signal }: StoreCall,
  ): TributaryError {
    const { sourceId, locationOf, tellable = (error) => error, fixOf } = this.#options;
    const fix = fixOf?.(why);
    return storeError(tellable(why), failure, {
      sourceId,
      location: locationOf(key),
      signal,
      ...(fix !== undefined && { fix }),
    });
  }
}
