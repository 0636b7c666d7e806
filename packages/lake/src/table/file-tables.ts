import type { CallContext } from '@tributary/connector-sdk';
import type { FileReader } from '../files/file-reader.js';
import type { FileTree } from '../files/file-tree.js';
import type { TableOptions } from '../source/table-options.js';
import type { ObjectStore } from '../store/object-store.js';
import { type TableDefinition, definitionOf } from './definition.js';
import { discoverTables, findDiscovered } from './discovery.js';
import type { LakeTable } from './lake-table.js';
import { loadTable } from './load-table.js';
import type { TableName } from './table-name.js';
import type { TableProvider } from './table-provider.js';

export interface FileTablesOptions {
  readonly sourceId: string;
  readonly location: string;
  readonly store: ObjectStore;
  /** Files whose footers or heads are read at a time. */
  readonly parallel: number;
  /** Tables by name; without them, files and folders below the root are the tables. */
  readonly tables: Readonly<Record<string, TableOptions>> | undefined;
  openTree(ctx: CallContext): Promise<FileTree>;
  clear(): void;
}

/** Tables that are what lies in folders: the files say the schema, folder names the partitions. */
export class FileTables implements TableProvider {
  readonly location: string;
  readonly #options: FileTablesOptions;
  /** One look per call, however many tables it loads. */
  readonly #trees = new WeakMap<CallContext, Promise<FileTree>>();

  constructor(options: FileTablesOptions) {
    this.location = options.location;
    this.#options = options;
  }

  /** @throws TributaryError when the root cannot be listed. */
  list(ctx: CallContext): Promise<readonly TableName[]> {
    return this.#definitions(ctx);
  }

  async load(
    path: readonly string[],
    before: LakeTable | undefined,
    ctx: CallContext,
  ): Promise<LakeTable | undefined> {
    const { sourceId, store, parallel } = this.#options;
    const definition = findDiscovered(await this.#definitions(ctx), path, sourceId);
    if (definition === undefined) return undefined;
    const reader: FileReader = { sourceId, store, parallel, signal: ctx.signal };
    return loadTable(definition, before, await this.#tree(ctx), reader);
  }

  clear(): void {
    this.#options.clear();
  }

  async #definitions(ctx: CallContext): Promise<readonly TableDefinition[]> {
    const tree = await this.#tree(ctx);
    const { tables } = this.#options;
    if (tables === undefined) return discoverTables(tree);
    return Object.entries(tables).map(([name, options]) => definitionOf(name, options, tree));
  }

  #tree(ctx: CallContext): Promise<FileTree> {
    const known = this.#trees.get(ctx);
    if (known !== undefined) return known;
    const tree = this.#options.openTree(ctx);
    this.#trees.set(ctx, tree);
    return tree;
  }
}
