import { TributaryError } from '@tributary/connector-sdk';
import {
  type ByteRange,
  type ListPage,
  type ObjectInfo,
  type ObjectStore,
  type PinnedCall,
  type RangeCall,
  type StoreCall,
  keyOfUri,
} from '@tributary/lake';

const logged = 'delta:';

/** Stands for a data file's ETag, which the log does not know: Delta's files are never written twice. */
export function loggedEtag(size: number, modificationTime: number): string {
  return `${logged}${size}:${modificationTime}`;
}

/**
 * A store that takes ETags of the log: the object's own is asked for on first use.
 *
 * @param missing the error for a file that is not there
 */
export function pinnedStore(store: ObjectStore, missing: (key: string) => TributaryError): ObjectStore {
  return new PinnedStore(store, missing);
}

/** Own ETags that are kept: as many as footers. */
const mostKept = 10_000;

class PinnedStore implements ObjectStore {
  readonly id: string;
  readonly #store: ObjectStore;
  readonly #missing: (key: string) => TributaryError;
  readonly #etags = new Map<string, string>();

  constructor(store: ObjectStore, missing: (key: string) => TributaryError) {
    this.id = store.id;
    this.#store = store;
    this.#missing = missing;
  }

  locationOf(key: string): string {
    return this.#store.locationOf(key);
  }

  keyOf(uri: string): string | undefined {
    return keyOfUri(uri, this.#store);
  }

  listPage(prefix: string, continuation: string | undefined, call: StoreCall): Promise<ListPage> {
    return this.#store.listPage(prefix, continuation, call);
  }

  head(key: string, call: StoreCall): Promise<ObjectInfo | undefined> {
    return this.#store.head(key, call);
  }

  async read(key: string, range: ByteRange, call: RangeCall): Promise<Uint8Array> {
    const etag = await this.#etag(key, call);
    return this.#store.read(key, range, { ...call, etag }).catch((error: unknown) => {
      throw this.#known(error, key, call);
    });
  }

  async *stream(key: string, call: PinnedCall & { readonly start?: number }): AsyncIterable<Uint8Array> {
    const etag = await this.#etag(key, call);
    yield* this.#store.stream(key, { ...call, etag });
  }

  close(): Promise<void> {
    this.#etags.clear();
    return this.#store.close();
  }

  async #etag(key: string, call: PinnedCall): Promise<string> {
    if (!call.etag.startsWith(logged)) return call.etag;
    const known = this.#etags.get(key);
    if (known !== undefined) return known;
    // Calls that overlap ask each for itself: one that is cancelled must not fail the others.
    const found = await this.#ask(key, call);
    this.#etags.set(key, found);
    const [oldest] = this.#etags.keys();
    if (this.#etags.size > mostKept && oldest !== undefined) this.#etags.delete(oldest);
    return found;
  }

  async #ask(key: string, call: PinnedCall): Promise<string> {
    const found = await this.#store.head(key, call);
    if (found === undefined) throw this.#missing(key);
    const size = Number(call.etag.split(':')[1]);
    if (found.size === size) return found.etag;
    throw new TributaryError('SOURCE.CORRUPT_DATA', {
      message: `${this.locationOf(key)} has ${found.size} bytes where the log of its Delta table says ${size}.`,
      fix: 'Restore the file from a backup.',
      object: this.locationOf(key),
    });
  }

  /** A file that went, or was written again, after it was first seen: the next call looks anew. */
  #known(error: unknown, key: string, call: PinnedCall): unknown {
    if (!(error instanceof TributaryError) || !call.etag.startsWith(logged)) return error;
    const isGone = error.code === 'SOURCE.MISSING_OBJECT';
    if (isGone || error.code === 'SOURCE.CHANGED_OBJECT') this.#etags.delete(key);
    return isGone ? this.#missing(key) : error;
  }
}
