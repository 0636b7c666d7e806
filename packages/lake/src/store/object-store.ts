/** An object as a listing or a head request saw it. */
export interface ObjectInfo {
  /** Name below the store's root, `/` between folders, no `/` in front. */
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Opaque mark of this content: an ETag, a generation. Another content of the key has another one. */
  readonly etag: string;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
}

export interface ListPage {
  readonly objects: readonly ObjectInfo[];
  /** Opaque; absent on the last page. */
  readonly next?: string;
}

/** What every call of a store gets. */
export interface StoreCall {
  readonly signal: AbortSignal;
}

/** A call that reads an object as it was seen: another content in its place is SOURCE.CHANGED_OBJECT. */
export interface PinnedCall extends StoreCall {
  readonly etag: string;
}

/** A call for a range. */
export interface RangeCall extends PinnedCall {
  /** Room for the bytes, as long as the range or longer: a store may put them there, instead of into memory of its own. */
  readonly into?: Uint8Array;
  /** Called as bytes of the body come, so that who waits can tell a slow line from a dead one. */
  readonly onBytes?: (() => void) | undefined;
}

/** Bytes from `start` up to, not including, `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * A bucket, a container, a folder: flat names with bytes behind them. Implementations make one request per call, without
 * retries of their own (`steadyStore` adds them), and raise nothing but TributaryErrors, made by `StoreErrors`.
 */
export interface ObjectStore {
  /** Scheme, endpoint and bucket or container, without secrets: two stores with one id hold the same objects. */
  readonly id: string;

  /** The object's place for people: `s3://bucket/key`. */
  locationOf(key: string): string;

  /**
   * Key of the object that a percent-encoded URI names, in whatever form the cloud's tools write it; undefined for objects of other
   * stores, such as another account's. Where absent, URIs are `locationOf`'s.
   */
  keyOf?(uri: string): string | undefined;

  /**
   * One page of the objects whose keys begin with `prefix`, at any depth, in no certain order. No object is not an error.
   * Objects that stand for folders (keys that end in `/`) may be among them.
   *
   * @param continuation `next` of the page before; undefined for the first one
   */
  listPage(prefix: string, continuation: string | undefined, call: StoreCall): Promise<ListPage>;

  /** Undefined when there is no such object. */
  head(key: string, call: StoreCall): Promise<ObjectInfo | undefined>;

  /** Bytes of the object; a body that is not exactly as long as the range is an error. */
  read(key: string, range: ByteRange, call: RangeCall): Promise<Uint8Array>;

  /** The object's bytes from `start` (default 0) to its end. */
  stream(key: string, call: PinnedCall & { readonly start?: number }): AsyncIterable<Uint8Array>;

  /** Closes connections. Idempotent. */
  close(): Promise<void>;
}

/** Key of the object of the store that a percent-encoded URI names; undefined for objects of other stores. */
export function keyOfUri(uri: string, store: ObjectStore): string | undefined {
  if (store.keyOf !== undefined) return store.keyOf(uri);
  const root = store.locationOf('');
  return uri.startsWith(root) ? percentDecoded(uri.slice(root.length)) : undefined;
}

/** A path of a URI as text. A lone percent sign is itself: not every writer encodes. */
export function percentDecoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** All pages of a listing. */
export async function* listObjects(
  store: ObjectStore,
  prefix: string,
  call: StoreCall,
): AsyncIterable<readonly ObjectInfo[]> {
  let page = await store.listPage(prefix, undefined, call);
  yield page.objects;
  while (page.next !== undefined) {
    page = await store.listPage(prefix, page.next, call);
    yield page.objects;
  }
}
