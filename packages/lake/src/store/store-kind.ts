import type { OptionField } from '@tributary/connector-sdk';
import type { ZodType } from 'zod';
import type { ObjectStore } from './object-store.js';

/** A store that a URL names, and the part of it that the URL means. */
export interface OpenStore {
  /** Not contacted yet; whoever opened it closes it. */
  readonly store: ObjectStore;
  /** Without slashes around it; `''` for all of the store. */
  readonly prefix: string;
  /** URL, where the store is not its cloud's own. */
  readonly endpoint?: string | undefined;
}

/** The stores of one cloud, or of whoever speaks its protocol. A package of its own, since it carries that cloud's SDK. */
export interface StoreKind<Options> {
  /** How URLs of its objects look, for people: `s3://bucket/prefix`. */
  readonly form: string;
  /** Checks the options: who asks, and where. Every one of them has a default. */
  readonly options: ZodType<Options, Options>;
  /** The same options for tools. */
  readonly fields: Readonly<Record<string, OptionField>>;
  /** Whether the URL is one of this kind's. */
  isUrl(url: string): boolean;
  /** Makes the store behind a URL for which `isUrl` holds. No request is made. */
  open(url: string, options: Options, sourceId: string): OpenStore;
}
