import { Permits, TributaryError, abortError, retry } from '@tributary/connector-sdk';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ByteRange,
  type ListPage,
  type ObjectInfo,
  type ObjectStore,
  type PinnedCall,
  type RangeCall,
  type StoreCall,
  keyOfUri,
} from './object-store.js';
import { PaceMeter, type StorePace } from './pace.js';
import { withPermit } from './with-permit.js';

export interface SteadyOptions {
  readonly sourceId: string;
  /** Requests in flight at a time. Default 16. */
  readonly maxRequests?: number;
  /** Tries of one request. Default 5. */
  readonly attempts?: number;
  /** Milliseconds before the second try; doubled for each further one, with jitter. Default 100. */
  readonly retryDelayMs?: number;
  /** Milliseconds without an answer, or without a further byte of one, after which a request is given up and made again. Default 20,000. */
  readonly requestTimeoutMs?: number;
}

/** What has gone over the wire. */
export interface Traffic {
  readonly requests: number;
  /** Of bodies that arrived whole, and of streams. */
  readonly bytes: number;
  readonly retries: number;
}

export interface SteadyStore extends ObjectStore {
  traffic(): Traffic;
  /** As measured by the requests for listings, objects' heads and ranges. */
  pace(): StorePace;
}

const maxDelayMs = 5000;

/** A store whose requests are bounded in number and time, made again while they fail in passing, checked and counted. */
export function steadyStore(store: ObjectStore, options: SteadyOptions): SteadyStore {
  return new Steady(store, options);
}

class Steady implements SteadyStore {
  readonly id: string;
  readonly #store: ObjectStore;
  readonly #sourceId: string;
  readonly #attempts: number;
  readonly #delayMs: number;
  readonly #timeoutMs: number;
  readonly #places: Permits;
  readonly #meter = new PaceMeter();
  #requests = 0;
  #bytes = 0;
  #retries = 0;

  constructor(store: ObjectStore, options: SteadyOptions) {
    this.id = store.id;
    this.#store = store;
    this.#sourceId = options.sourceId;
    this.#attempts = options.attempts ?? 5;
    this.#delayMs = options.retryDelayMs ?? 100;
    this.#timeoutMs = options.requestTimeoutMs ?? 20_000;
    this.#places = new Permits(options.maxRequests ?? 16);
  }

  traffic(): Traffic {
    return { requests: this.#requests, bytes: this.#bytes, retries: this.#retries };
  }

  pace(): StorePace {
    return this.#meter.pace();
  }

  locationOf(key: string): string {
    return this.#store.locationOf(key);
  }

  keyOf(uri: string): string | undefined {
    return keyOfUri(uri, this.#store);
  }

  listPage(prefix: string, continuation: string | undefined, { signal }: StoreCall): Promise<ListPage> {
    return this.#request(prefix, signal, (limited) =>
      this.#store.listPage(prefix, continuation, { signal: limited }),
    );
  }

  head(key: string, { signal }: StoreCall): Promise<ObjectInfo | undefined> {
    return this.#request(key, signal, (limited) => this.#store.head(key, { signal: limited }));
  }

  async read(key: string, range: ByteRange, { signal, ...call }: RangeCall): Promise<Uint8Array> {
    const wanted = range.end - range.start;
    const request = async (limited: AbortSignal, onBytes: () => void): Promise<Uint8Array> => {
      const body = await this.#store.read(key, range, { ...call, signal: limited, onBytes });
      if (body.length === wanted) return body;
      throw this.#failed(key, `${body.length} bytes came where ${wanted} were asked for`);
    };
    const bytes = await this.#request(key, signal, request);
    this.#bytes += bytes.length;
    return bytes;
  }

  /** A stream that breaks or stalls goes on where it was. */
  async *stream(key: string, call: PinnedCall & { readonly start?: number }): AsyncIterable<Uint8Array> {
    const { etag, signal } = call;
    let at = call.start ?? 0;
    for (let failures = 0; ;) {
      const before = at;
      await this.#places.take(signal);
      this.#requests += 1;
      const stalled = new AbortController();
      const wait = (): NodeJS.Timeout => setTimeout(() => stalled.abort(), this.#timeoutMs);
      let timer = wait();
      try {
        const limited = AbortSignal.any([signal, stalled.signal]);
        for await (const chunk of this.#store.stream(key, { etag, signal: limited, start: at })) {
          at += chunk.length;
          this.#bytes += chunk.length;
          // The store is not to blame for what its reader takes.
          clearTimeout(timer);
          yield chunk;
          timer = wait();
        }
        return;
      } catch (error) {
        if (signal.aborted) throw abortError(signal);
        failures = at > before ? 1 : failures + 1;
        const reason = stalled.signal.aborted ? this.#late(key, error) : error;
        if (failures >= this.#attempts || !mayPass(reason)) throw reason;
        this.#retries += 1;
        const limit = Math.min(this.#delayMs * 2 ** (failures - 1), maxDelayMs);
        await sleep(Math.random() * limit, undefined, { signal }).catch(() => undefined);
      } finally {
        clearTimeout(timer);
        this.#places.give();
      }
    }
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  #request<T>(
    key: string,
    signal: AbortSignal,
    work: (signal: AbortSignal, onBytes: () => void) => Promise<T>,
  ): Promise<T> {
    const once = async (attempt: number): Promise<T> => {
      if (signal.aborted) throw abortError(signal);
      this.#requests += 1;
      if (attempt > 1) this.#retries += 1;
      const stalled = new AbortController();
      const timer = setTimeout(() => stalled.abort(), this.#timeoutMs);
      const limited = AbortSignal.any([signal, stalled.signal]);
      try {
        return await this.#meter.measure(() => work(limited, () => timer.refresh()), bytesIn);
      } catch (error) {
        throw stalled.signal.aborted && !signal.aborted ? this.#late(key, error) : error;
      } finally {
        clearTimeout(timer);
      }
    };
    return retry((attempt) => withPermit(this.#places, signal, () => once(attempt)), {
      signal,
      attempts: this.#attempts,
      delayMs: this.#delayMs,
      maxDelayMs,
      isRetryable: mayPass,
    });
  }

  #late(key: string, cause: unknown): TributaryError {
    return new TributaryError('SOURCE.TIMEOUT', {
      message: `${this.locationOf(key)}: nothing came within ${this.#timeoutMs} ms.`,
      fix: 'Check the network to the store, or raise requestTimeoutMs of the source.',
      sourceId: this.#sourceId,
      object: this.locationOf(key),
      cause,
    });
  }

  #failed(key: string, why: string): TributaryError {
    return new TributaryError('SOURCE.UNREACHABLE', {
      message: `${this.locationOf(key)}: ${why}.`,
      sourceId: this.#sourceId,
      object: this.locationOf(key),
    });
  }
}

/** What an answer has brought beside itself. */
function bytesIn(answer: unknown): number {
  return answer instanceof Uint8Array ? answer.length : 0;
}

/** An object that is gone or replaced stays so, though a query that is planned anew may succeed. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof TributaryError) || !error.retryable) return false;
  return error.code !== 'SOURCE.MISSING_OBJECT' && error.code !== 'SOURCE.CHANGED_OBJECT';
}
