import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { IFederatedDataSource } from '@tributary/connector-sdk';
import { StoreTrees } from '../files/store-tree.js';
import { fetched } from '../remote/fetched.js';
import type { ObjectStore } from '../store/object-store.js';
import { type SteadyStore, steadyStore } from '../store/steady-store.js';
import type { OpenStore } from '../store/store-kind.js';
import { FileTables } from '../table/file-tables.js';
import type { FileAccess } from './file-access.js';
import { createFileSource } from './file-source.js';
import { defaultMaxFiles } from './local-folder.js';
import { storeCost } from './store-cost.js';
import type { StoreOptions } from './store-options.js';
import type { TableOptions } from './table-options.js';

/** How a store is read, for a source that holds it. */
export interface ObjectAccessOptions extends StoreOptions {
  readonly sourceId: string;
  /** What a relative cache folder is relative to. Default: the working directory. */
  readonly baseDirectory?: string | undefined;
}

/** Access to a store whose requests are counted and timed. */
export interface ObjectAccess extends FileAccess {
  readonly store: SteadyStore;
}

export interface ObjectSourceOptions extends ObjectAccessOptions, OpenStore {
  readonly connector: string;
  readonly tables?: Readonly<Record<string, TableOptions>> | undefined;
  /** Most objects of one listing. Default 100,000. */
  readonly maxFiles?: number | undefined;
}

const defaultCacheBytes = 10 * 1024 ** 3;

/**
 * Objects below a prefix of a store as a source: files and folders of them are tables, read by range.
 * No request is made before the first call.
 */
export function createObjectSource(options: ObjectSourceOptions): IFederatedDataSource {
  const { sourceId, connector, prefix, tables, maxFiles = defaultMaxFiles, freshnessMs = 0 } = options;
  const access = objectAccess(options.store, options);
  const { store } = access;
  const root = prefix === '' ? '' : `${prefix}/`;
  const trees = new StoreTrees({ sourceId, store, prefix: root, maxFiles, freshnessMs });
  return createFileSource({
    sourceId,
    connector,
    access,
    cost: storeCost(options, options.endpoint, () => store.pace()),
    tables: new FileTables({
      sourceId,
      location: store.locationOf(root).replace(/\/$/, ''),
      access,
      tables,
      openTree: (ctx) => Promise.resolve(trees.open(ctx)),
      clear: () => trees.clear(),
    }),
  });
}

/** Steady access to a store, with a cache on disk unless the options say otherwise. */
export function objectAccess(store: ObjectStore, options: ObjectAccessOptions): ObjectAccess {
  const { cache = {}, sourceId, baseDirectory = '', maxRequests, attempts, requestTimeoutMs } = options;
  const steady = steadyStore(store, {
    sourceId,
    ...(maxRequests !== undefined && { maxRequests }),
    ...(attempts !== undefined && { attempts }),
    ...(requestTimeoutMs !== undefined && { requestTimeoutMs }),
  });
  if (cache === false) return { ...fetched(steady, undefined), store: steady };
  const { directory = defaultCacheDirectory(), maxBytes = defaultCacheBytes } = cache;
  return { ...fetched(steady, { directory: resolve(baseDirectory, directory), maxBytes }), store: steady };
}

/** https://specifications.freedesktop.org/basedir-spec/latest/ */
function defaultCacheDirectory(): string {
  const base = process.env['XDG_CACHE_HOME'];
  const home = base === undefined || base === '' ? join(homedir(), '.cache') : base;
  return join(home, 'tributary', 'lake');
}
