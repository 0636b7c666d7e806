import type { RegisterTest } from '@tributary/connector-testkit';
import type { ObjectStore } from '@tributary/lake';
import type { ObjectStore as FillableStore } from '@tributary/testbed';
import type { FaultyProxy } from '../proxy/faulty-proxy.js';

/** A kind of store, and what the suite needs to try it. */
export interface StoreSubject {
  /** Any runner's way to register a test. */
  readonly test: RegisterTest;
  readonly server: FillableStore;
  /** Before the server. The suite forgets what it saw before every test. */
  readonly proxy: FaultyProxy;
  /** A new store over a bucket of the server, through the proxy. The suite closes it. */
  open(bucket: string): ObjectStore;
  /** `s3://lake` */
  readonly root: string;
  /** Objects in a page of a listing. */
  readonly pageSize: number;
  /** Makes objects of these names, whatever is in them. Default: `putObject` of the name. */
  fill?(keys: readonly string[]): Promise<void>;
  remove(key: string): Promise<void>;
  /** Writes an object with `Content-Encoding: gzip`. */
  putGzip(key: string, body: Buffer): Promise<void>;
}

/** What a test of the suite works with. */
export interface StoreBench extends StoreSubject {
  readonly store: ObjectStore;
  /** Writes an object, and tells what stands for its content. */
  put(key: string, body: Uint8Array): Promise<string>;
}

export type StoreTest = (name: string, run: (bench: StoreBench) => Promise<void>) => void;

export const signal: AbortSignal = new AbortController().signal;

export const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));

/** The bytes of an object from `start` on, as they stream. */
export async function streamed(
  store: ObjectStore,
  key: string,
  etag: string,
  start?: number,
): Promise<Buffer> {
  const call = { etag, signal, ...(start !== undefined && { start }) };
  return Buffer.concat(await Array.fromAsync(store.stream(key, call)));
}

export async function etagOf(store: ObjectStore, key: string): Promise<string> {
  const found = await store.head(key, { signal });
  if (found === undefined) throw new Error(`${key} is not there`);
  return found.etag;
}
