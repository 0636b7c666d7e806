import type { FileBytes, FileReader } from '../files/file-reader.js';
import type { FileTree } from '../files/file-tree.js';
import type { TableOptions } from '../source/table-options.js';
import { type TableDefinition, definitionOf } from './definition.js';
import { discoverTables, findDiscovered } from './discovery.js';
import type { LakeTable } from './lake-table.js';
import { loadTable } from './load-table.js';
import type { TableName } from './table-name.js';
import type { LookContext, Looks, TableProvider } from './table-provider.js';

export interface FileTablesOptions {
  readonly sourceId: string;
  readonly location: string;
  readonly access: FileBytes;
  /** Tables by name; without them, files and folders below the root are the tables. */
  readonly tables: Readonly<Record<string, TableOptions>> | undefined;
  openTree(ctx: LookContext): Promise<FileTree>;
  clear(): void;
}

/** Tables that are what lies in folders: the files say the schema, folder names the partitions. */
export class FileTables implements TableProvider {
  readonly location: string;
  readonly #options: FileTablesOptions;
  /** One look per call, however many tables it loads. */
  readonly #trees = new WeakMap<LookContext, Promise<FileTree>>();
  readonly #definitions = new WeakMap<LakeTable, TableDefinition>();

  constructor(options: FileTablesOptions) {
    this.location = options.location;
    this.#options = options;
  }

  /** @throws TributaryError when the root cannot be listed. */
  list(ctx: LookContext): Promise<readonly TableName[]> {
    return this.#definitionsIn(ctx);
  }

  async load(
    path: readonly string[],
    before: LakeTable | undefined,
    ctx: LookContext,
    looks: Looks,
  ): Promise<LakeTable | undefined> {
    const definition =
      (await this.#discovered(path, ctx)) ??
      findDiscovered(await this.#definitionsIn(ctx), path, this.#options.sourceId);
    return definition && this.#load(definition, before, ctx, looks);
  }

  /** Lists the table's own folder, or asks for its one file, where `load` lists what may be the table first. */
  reload(
    path: readonly string[],
    before: LakeTable,
    ctx: LookContext,
    looks: Looks,
  ): Promise<LakeTable | undefined> {
    const definition = this.#definitions.get(before);
    return definition === undefined
      ? this.load(path, before, ctx, looks)
      : this.#load(definition, before, ctx, looks);
  }

  clear(): void {
    this.#options.clear();
  }

  async #load(
    definition: TableDefinition,
    before: LakeTable | undefined,
    ctx: LookContext,
    looks: Looks,
  ): Promise<LakeTable> {
    const { sourceId, access } = this.#options;
    const { store, parallel, kept } = access;
    const reader: FileReader = { sourceId, store, parallel, kept, signal: ctx.signal };
    const table = await loadTable(definition, before, await this.#tree(ctx), reader, looks);
    this.#definitions.set(table, { ...definition, kind: kindOf(definition, table) });
    return table;
  }

  /** The table of exactly this name, where it is found without a look at all there is. */
  async #discovered(path: readonly string[], ctx: LookContext): Promise<TableDefinition | undefined> {
    const { tables, sourceId } = this.#options;
    const tree = tables === undefined ? (await this.#tree(ctx)).narrowed?.(path[0] ?? '') : undefined;
    if (tree === undefined) return undefined;
    const named = (await discoverTables(tree)).filter(
      ({ schema, name }) => name === path.at(-1) && schema === path.at(-2) && path.length <= 2,
    );
    return findDiscovered(named, path, sourceId);
  }

  async #definitionsIn(ctx: LookContext): Promise<readonly TableDefinition[]> {
    const tree = await this.#tree(ctx);
    const { tables } = this.#options;
    if (tables === undefined) return discoverTables(tree);
    return Object.entries(tables).map(([name, options]) => definitionOf(name, options, tree));
  }

  #tree(ctx: LookContext): Promise<FileTree> {
    const known = this.#trees.get(ctx);
    if (known !== undefined) return known;
    const tree = this.#options.openTree(ctx);
    this.#trees.set(ctx, tree);
    return tree;
  }
}

/** What a definition's path was, by the files that were found. */
function kindOf({ path }: TableDefinition, { files }: LakeTable): NonNullable<TableDefinition['kind']> {
  if (files.every(({ file }) => file.path === path)) return 'file';
  return files.every(({ file }) => file.path.startsWith(`${path}/`)) ? 'folder' : 'pattern';
}
