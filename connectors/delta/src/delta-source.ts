import { resolve } from 'node:path';
import type {
  CallContext,
  ExecuteContext,
  FederatedDataSourceInfo,
  IFederatedDataSource,
  RemoteQueryPlan,
  RemoteQueryRequest,
  RemoteResult,
  RemoteTableName,
  RemoteTableSchema,
  SourceHealth,
  TableStatistics,
} from '@tributary/connector-sdk';
import {
  type FileAccess,
  type ObjectStore,
  type StoreCost,
  type StoreOptions,
  createFileSource,
  inPlace,
  localCost,
  objectAccess,
  pathOf,
  storeCost,
} from '@tributary/lake';
import type { Folders } from './files/folders.js';
import { LocalFolders } from './files/local-folders.js';
import { pinnedStore } from './files/pinned-store.js';
import { StoreFolders } from './files/store-folders.js';
import type { DeltaFolderOptions, DeltaTableOptions } from './options.js';
import { type ConfiguredTable, DeltaTables } from './table/delta-tables.js';
import { createHistorySource } from './table/history-source.js';
import { configuredTime, historyOf } from './table/table-reference.js';

export const connectorName = 'delta';

/**
 * Makes a source of the Delta tables in a folder. No file is touched before the first call.
 *
 * ```ts
 * const lake = createDeltaSource('lake', { root: './tables' });
 * ```
 */
export function createDeltaSource(sourceId: string, options: DeltaFolderOptions): IFederatedDataSource {
  const root = resolve(options.baseDirectory ?? process.cwd(), options.root);
  const access = inPlace(sourceId, root);
  return new DeltaSource({
    sourceId,
    open: (missing) => ({
      access: { ...access, store: pinnedStore(access.store, missing) },
      cost: localCost,
    }),
    folders: () => new LocalFolders(root, sourceId),
    tables: options.tables,
  });
}

/** Delta tables in an object store, and how it is read. */
export interface DeltaObjectOptions extends StoreOptions {
  readonly sourceId: string;
  /** Closed with the source. */
  readonly store: ObjectStore;
  /** The part of the store that is the root, without slashes around it. Default: all of it. */
  readonly prefix?: string;
  /** URL, where the store is not its cloud's own: one in a private network costs less. */
  readonly endpoint?: string | undefined;
  /** What a relative cache folder is relative to. Default: the working directory. */
  readonly baseDirectory?: string | undefined;
  /** By name; without them, every object below the prefix is listed to find the tables. */
  readonly tables?: Readonly<Record<string, DeltaTableOptions>> | undefined;
}

/**
 * The same over an object store, whose files are read by range. No request is made before the first call.
 *
 * ```ts
 * const lake = createDeltaObjectSource({ sourceId: 'lake', ...s3Stores.open('s3://bucket/tables', {}, 'lake') });
 * ```
 */
export function createDeltaObjectSource(options: DeltaObjectOptions): IFederatedDataSource {
  const { sourceId, store, prefix = '', tables } = options;
  return new DeltaSource({
    sourceId,
    open: (missing) => {
      const access = objectAccess(pinnedStore(store, missing), options);
      return { access, cost: storeCost(options, options.endpoint, () => access.store.pace()) };
    },
    folders: (steady) => new StoreFolders(steady, prefix === '' ? '' : `${prefix}/`),
    tables,
    freshnessMs: options.freshnessMs,
  });
}

interface DeltaParts {
  readonly sourceId: string;
  readonly open: (missing: DeltaTables['missingFile']) => {
    readonly access: FileAccess;
    readonly cost: StoreCost;
  };
  readonly folders: (store: ObjectStore) => Folders;
  readonly tables: Readonly<Record<string, DeltaTableOptions>> | undefined;
  readonly freshnessMs?: number | undefined;
}

/** Two sources behind one name: the tables, and their histories, which come out of the log itself. */
class DeltaSource implements IFederatedDataSource {
  readonly sourceId: string;
  readonly #tables: IFederatedDataSource;
  readonly #history: IFederatedDataSource;

  constructor({ sourceId, open, folders, tables: configured, freshnessMs }: DeltaParts) {
    this.sourceId = sourceId;
    const { access, cost } = open((key) => tables.missingFile(key));
    const { store } = access;
    const tables: DeltaTables = new DeltaTables({
      sourceId,
      store,
      folders: folders(store),
      tables: configured && configuredTables(configured, sourceId),
      freshnessMs,
    });
    this.#tables = createFileSource({ sourceId, connector: connectorName, tables, access, cost });
    this.#history = createHistorySource(sourceId, connectorName, tables);
  }

  getInfo(): FederatedDataSourceInfo {
    return this.#tables.getInfo();
  }

  listTables(ctx: CallContext): Promise<readonly RemoteTableName[]> {
    return this.#tables.listTables(ctx);
  }

  describeTable(path: readonly string[], ctx: CallContext): Promise<RemoteTableSchema | undefined> {
    return this.#of(path).describeTable(path, ctx);
  }

  getRemoteStatistics(table: RemoteTableName, ctx: CallContext): Promise<TableStatistics | undefined> {
    return this.#of(pathOf(table)).getRemoteStatistics(table, ctx);
  }

  planRemoteQuery(request: RemoteQueryRequest): RemoteQueryPlan {
    const path = request.kind === 'scan' ? request.table : [];
    return this.#of(path).planRemoteQuery(request);
  }

  executeRemoteQuery(plan: RemoteQueryPlan, ctx: ExecuteContext): Promise<RemoteResult> {
    const path = plan.request.kind === 'scan' ? plan.request.table : [];
    return this.#of(path).executeRemoteQuery(plan, ctx);
  }

  checkHealth(ctx: CallContext): Promise<SourceHealth> {
    return this.#tables.checkHealth(ctx);
  }

  async close(): Promise<void> {
    await this.#history.close();
    await this.#tables.close();
  }

  localDirectories(): readonly string[] {
    return this.#tables.localDirectories?.() ?? [];
  }

  #of(path: readonly string[]): IFederatedDataSource {
    return historyOf(path) === undefined ? this.#tables : this.#history;
  }
}

function configuredTables(
  tables: Readonly<Record<string, DeltaTableOptions>>,
  sourceId: string,
): readonly ConfiguredTable[] {
  return Object.entries(tables).map(([name, options]) => ({
    name,
    folder: folderParts(options.path),
    at: configuredTime(name, options, sourceId),
  }));
}

/** `./events/` is `events`; `.`, the root itself, is nothing. */
function folderParts(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}
