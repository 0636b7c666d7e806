import { TributaryError } from '@tributary/connector-sdk';
import { type ObjectInfo, type ObjectStore, listObjects } from '../store/object-store.js';
import type { LookContext } from '../table/table-provider.js';
import type { FileEntry, FileStat, FileTree } from './file-tree.js';

export interface StoreTreeOptions {
  readonly sourceId: string;
  readonly store: ObjectStore;
  /** The part of the store that is the root: `''` or a key prefix that ends in `/`. */
  readonly prefix: string;
  readonly maxFiles: number;
  /** Milliseconds for which a listing is taken for true; 0: every call lists anew. */
  readonly freshnessMs: number;
}

interface Listing {
  /** When it was begun. */
  readonly at: number;
  readonly objects: ReadonlyMap<string, ObjectInfo>;
}

/** Listings as one call sees them. */
interface Lister {
  /** The objects below a prefix by key, and perhaps others: a listing of more will do. */
  list(prefix: string): Promise<ReadonlyMap<string, ObjectInfo>>;
  /** A listing that is at hand and has everything below the prefix. */
  known(prefix: string): Promise<ReadonlyMap<string, ObjectInfo>> | undefined;
}

/** Objects of a store as trees of folders, and the listings that are fresh enough to be used again. */
export class StoreTrees {
  readonly #options: StoreTreeOptions;
  readonly #listings = new Map<string, Listing>();

  constructor(options: StoreTreeOptions) {
    this.#options = options;
  }

  open({ signal, since = performance.now() }: LookContext): FileTree {
    // A listing under way is this call's own: its end by another call's abort would be nobody's business here.
    const own = new Map<string, Promise<ReadonlyMap<string, ObjectInfo>>>();
    const known: Lister['known'] = (prefix) => {
      for (const [listed, objects] of own) if (prefix.startsWith(listed)) return objects;
      const oldest = since - this.#options.freshnessMs;
      const [newest] = [...this.#listings]
        .filter(([listed, { at }]) => at >= oldest && prefix.startsWith(listed))
        .toSorted(([, a], [, b]) => b.at - a.at);
      if (newest === undefined) return undefined;
      const [listed, { objects }] = newest;
      // From here on this call sees no other.
      own.set(listed, Promise.resolve(objects));
      return own.get(listed);
    };
    const list: Lister['list'] = (prefix) => {
      const found = known(prefix);
      if (found !== undefined) return found;
      const listing = this.#list(prefix, signal);
      own.set(prefix, listing);
      return listing;
    };
    return new StoreTree(this.#options, signal, { list, known });
  }

  clear(): void {
    this.#listings.clear();
  }

  async #list(prefix: string, signal: AbortSignal): Promise<ReadonlyMap<string, ObjectInfo>> {
    const { store, maxFiles, sourceId } = this.#options;
    const at = performance.now();
    const objects: ObjectInfo[] = [];
    for await (const page of listObjects(store, prefix, { signal })) {
      for (const object of page) if (!object.key.endsWith('/')) objects.push(object);
      if (objects.length <= maxFiles) continue;
      const folder = store.locationOf(prefix);
      throw new TributaryError('CONFIG.INVALID', {
        message: `${folder} holds more than ${maxFiles} files.`,
        fix: 'Point the source or the table at a narrower folder, or raise maxFiles.',
        sourceId,
        object: folder,
      });
    }
    const sorted = objects.toSorted((a, b) => (a.key < b.key ? -1 : 1));
    const byKey = new Map(sorted.map((object) => [object.key, object]));
    for (const [listed, older] of this.#listings)
      if (listed.startsWith(prefix) && older.at <= at) this.#listings.delete(listed);
    this.#listings.set(prefix, { at, objects: byKey });
    return byKey;
  }
}

class StoreTree implements FileTree {
  readonly sourceId: string;
  readonly root: string;
  readonly signal: AbortSignal;
  readonly #store: ObjectStore;
  readonly #prefix: string;
  readonly #options: StoreTreeOptions;
  readonly #listings: Lister;
  /** How the entries of the root begin that there are. */
  readonly #beginning: string;
  readonly #heads = new Map<string, Promise<ObjectInfo | undefined>>();

  constructor(options: StoreTreeOptions, signal: AbortSignal, listings: Lister, beginning = '') {
    const { sourceId, store, prefix } = options;
    this.#options = options;
    this.#beginning = beginning;
    this.sourceId = sourceId;
    this.signal = signal;
    this.root = store.locationOf(prefix).replace(/\/$/, '');
    this.#store = store;
    this.#prefix = prefix;
    this.#listings = listings;
  }

  narrowed(name: string): FileTree {
    return new StoreTree(this.#options, this.signal, this.#listings, name);
  }

  resolve(path: string): string {
    const parts = path.split('/').filter((part) => part !== '' && part !== '.');
    if (!parts.includes('..')) return [this.root, ...parts].join('/');
    throw new TributaryError('SOURCE.PERMISSION', {
      message: `${path} leads outside of the source's root ${this.root}.`,
      fix: 'Make a source of the prefix that the files are in.',
      sourceId: this.sourceId,
      object: path,
    });
  }

  async kindOf(path: string, likely?: 'file' | 'folder'): Promise<'file' | 'folder' | undefined> {
    if (likely === 'file' && (await this.#find(this.#keyOf(path))) !== undefined) return 'file';
    const folder = this.#folderKey(path);
    const below = await this.#listings.list(folder);
    if (folder === this.#prefix || below.keys().some((key) => key.startsWith(folder))) return 'folder';
    return (await this.#find(this.#keyOf(path))) === undefined ? undefined : 'file';
  }

  async folder(path: string): Promise<readonly FileEntry[]> {
    const { files, base } = await this.#visible(path);
    const entries = new Map<string, FileEntry>();
    for (const { key } of files) {
      const [name = '', ...below] = key.slice(base.length).split('/');
      const kind = below.length === 0 ? 'file' : 'folder';
      entries.set(`${name}/${kind}`, { name, path: `${path}/${name}`, kind });
    }
    return [...entries.values()];
  }

  async filesBelow(path: string): Promise<readonly FileEntry[]> {
    const { files } = await this.#visible(path);
    return files.map(({ key }) => ({
      name: key.slice(key.lastIndexOf('/') + 1),
      path: this.#store.locationOf(key),
      kind: 'file',
    }));
  }

  async stat(path: string): Promise<FileStat> {
    const key = this.#keyOf(path);
    const found = await this.#find(key);
    if (found !== undefined) return { key, size: found.size, etag: found.etag };
    throw new TributaryError('SOURCE.MISSING_OBJECT', {
      message: `${path} does not exist.`,
      sourceId: this.sourceId,
      object: path,
    });
  }

  async isDelta(folder: string): Promise<boolean> {
    const log = `${this.#folderKey(folder)}_delta_log/`;
    return (await this.#listings.list(log)).keys().some((key) => key.startsWith(log));
  }

  async #find(key: string): Promise<ObjectInfo | undefined> {
    const known = await this.#listings.known(key);
    if (known !== undefined) return known.get(key);
    const head = this.#heads.get(key) ?? this.#store.head(key, { signal: this.signal });
    this.#heads.set(key, head);
    return head;
  }

  async #visible(folder: string): Promise<{ readonly files: readonly ObjectInfo[]; readonly base: string }> {
    const base = this.#folderKey(folder);
    const objects = await this.#listings.list(base === this.#prefix ? base + this.#beginning : base);
    const files = [...objects.values()].filter(
      ({ key }) => key.startsWith(base) && !key.slice(base.length).split('/').some(isHidden),
    );
    return { files, base };
  }

  #folderKey(path: string): string {
    const key = this.#keyOf(path);
    return key === '' || key.endsWith('/') ? key : `${key}/`;
  }

  #keyOf(path: string): string {
    return this.#prefix + path.slice(this.root.length + 1);
  }
}

function isHidden(name: string): boolean {
  return name === '' || name.startsWith('.') || name.startsWith('_');
}
