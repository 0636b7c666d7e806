import { type CallContext, TributaryError } from '@tributary/connector-sdk';
import {
  type LakeTable,
  type ObjectStore,
  type TableName,
  type TableProvider,
  dottedName,
} from '@tributary/lake';
import { type Folders, folderOf } from '../files/folders.js';
import { keyOfPath } from '../files/file-path.js';
import { DeltaLog, type TimeTravel } from '../log/delta-log.js';
import type { Snapshot } from '../log/snapshot.js';
import { type KnownFiles, snapshotTable } from './snapshot-table.js';
import { tableReference } from './table-reference.js';

/** A table that the configuration names. */
export interface ConfiguredTable {
  readonly name: string;
  /** Below the root. */
  readonly folder: string;
  readonly at: TimeTravel | undefined;
}

export interface DeltaTablesOptions {
  readonly sourceId: string;
  readonly store: ObjectStore;
  readonly folders: Folders;
  /** Without them, folders with a `_delta_log` are the tables. */
  readonly tables: readonly ConfiguredTable[] | undefined;
  /** Milliseconds for which a table's newest version is taken for the newest. */
  readonly freshnessMs?: number | undefined;
}

/** Where a table's log is, and the version that its configuration names. */
export interface FoundLog {
  readonly name: TableName;
  readonly log: DeltaLog;
  readonly at: TimeTravel | undefined;
}

/** Logs that are kept, those used last: each holds its table's newest state. */
const mostLogsKept = 1000;

/** Tables whose logs say which files count. */
export class DeltaTables implements TableProvider {
  readonly location: string;
  readonly #options: DeltaTablesOptions;
  readonly #logs = new Map<string, DeltaLog>();
  readonly #made = new WeakMap<Snapshot, Map<string, LakeTable>>();
  readonly #files: KnownFiles = new WeakMap();

  constructor(options: DeltaTablesOptions) {
    this.location = options.folders.location;
    this.#options = options;
  }

  async list(ctx: CallContext): Promise<readonly TableName[]> {
    const { tables, folders } = this.#options;
    return tables?.map(({ name }) => ({ name })) ?? folders.tables(ctx);
  }

  async load(
    path: readonly string[],
    _before: LakeTable | undefined,
    ctx: CallContext,
  ): Promise<LakeTable | undefined> {
    // A folder may have an @ in its name: it is looked for as it is first.
    const plain = await this.#load(path, undefined, ctx);
    if (plain !== undefined) return plain;
    const { path: base, at } = tableReference(path);
    return at === undefined ? undefined : this.#load(base, at, ctx);
  }

  /** The log of a table by its name; undefined when there is no such table. */
  async find(path: readonly string[], ctx: CallContext): Promise<FoundLog | undefined> {
    const { tables } = this.#options;
    if (tables !== undefined) {
      const wanted = path.join('.').toLowerCase();
      const table = path.length === 1 ? tables.find(({ name }) => name.toLowerCase() === wanted) : undefined;
      if (table === undefined) return undefined;
      return { name: { name: table.name }, log: await this.#log(table.folder, ctx), at: table.at };
    }
    const folder = folderOf(path);
    if (folder === undefined) return undefined;
    const log = await this.#log(folder, ctx);
    if (!(await log.exists(ctx))) return undefined;
    const [name = '', schema] = path.toReversed();
    return { name: { name, ...(schema !== undefined && { schema }) }, log, at: undefined };
  }

  clear(): void {
    this.#logs.clear();
  }

  /** The error for a data file that is not there, with the version that it belongs to. */
  missingFile(key: string): TributaryError {
    const { sourceId, store } = this.#options;
    const path = store.locationOf(key);
    const owners = [...this.#logs.values()].filter(({ place }) => key.startsWith(place.prefix));
    const owned = owners
      .map((log) => ({ log, version: log.versionWith((name) => keyOfPath(name, log.place) === key) }))
      .find(({ version }) => version !== undefined);
    const of = owned === undefined ? 'a Delta table' : `version ${owned.version} of its Delta table`;
    return new TributaryError('SOURCE.MISSING_OBJECT', {
      message: `${path}, a file of ${of}, does not exist.`,
      fix: 'VACUUM removes files of old versions: run the query again, or ask for a newer version.',
      sourceId,
      object: path,
    });
  }

  async #load(
    path: readonly string[],
    at: TimeTravel | undefined,
    ctx: CallContext,
  ): Promise<LakeTable | undefined> {
    const found = await this.find(path, ctx);
    if (found === undefined) return undefined;
    const snapshot = await found.log.snapshot(at ?? found.at, ctx);
    if (snapshot === undefined) return undefined;
    const name = at === undefined ? found.name : { ...found.name, name: `${found.name.name}${suffixOf(at)}` };
    const made = this.#made.get(snapshot) ?? new Map<string, LakeTable>();
    this.#made.set(snapshot, made);
    const known = made.get(dottedName(name));
    if (known !== undefined) return known;
    const table = snapshotTable(name, snapshot, found.log.place, this.#files);
    made.set(dottedName(name), table);
    return table;
  }

  async #log(folder: string, ctx: CallContext): Promise<DeltaLog> {
    const { sourceId, store, folders, freshnessMs } = this.#options;
    const prefix = await folders.prefixOf(folder, ctx);
    const log =
      this.#logs.get(prefix) ??
      new DeltaLog({ sourceId, store, prefix, rootPrefix: folders.rootPrefix }, freshnessMs);
    this.#logs.delete(prefix);
    this.#logs.set(prefix, log);
    const [oldest] = this.#logs.keys();
    if (this.#logs.size > mostLogsKept && oldest !== undefined) this.#logs.delete(oldest);
    return log;
  }
}

function suffixOf(at: TimeTravel): string {
  return at.kind === 'version' ? `@v${at.version}` : `@${new Date(at.millis).toISOString()}`;
}
