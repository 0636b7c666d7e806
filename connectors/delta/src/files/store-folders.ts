import type { CallContext } from '@tributary/connector-sdk';
import { type ObjectStore, type TableName, listObjects } from '@tributary/lake';
import type { Folders } from './folders.js';

const logOf = /^(?:([^/]+)\/)?([^/]+)\/_delta_log\//;

/** Prefixes of an object store. */
export class StoreFolders implements Folders {
  readonly location: string;
  readonly rootPrefix: string;
  readonly #store: ObjectStore;

  /** @param prefix `''`, or it ends in `/` */
  constructor(store: ObjectStore, prefix: string) {
    this.location = store.locationOf(prefix).replace(/\/$/, '');
    this.rootPrefix = prefix;
    this.#store = store;
  }

  /** Lists every object below the root: a store knows no folders. Sources with very many name their tables. */
  async tables(ctx: CallContext): Promise<readonly TableName[]> {
    const found = new Map<string, TableName>();
    for await (const page of listObjects(this.#store, this.rootPrefix, ctx)) {
      for (const { key } of page) {
        const [match, schema, name] = logOf.exec(key.slice(this.rootPrefix.length)) ?? [];
        if (match === undefined || name === undefined) continue;
        found.set(match, { ...(schema !== undefined && { schema }), name });
      }
    }
    return [...found.keys()].toSorted().flatMap((key) => found.get(key) ?? []);
  }

  prefixOf(folder: string): Promise<string> {
    return Promise.resolve(folder === '' ? this.rootPrefix : `${this.rootPrefix}${folder}/`);
  }
}
