import { realpathSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type CallContext, abortError } from '@tributary/connector-sdk';
import { fileError } from './files/file-error.js';
import type { ListingLimits } from './files/listing.js';
import type { LakeOptions } from './options.js';
import { type TableDefinition, definitionOf } from './table/definition.js';
import { discoverTables, findDiscovered } from './table/discovery.js';
import type { LakeTable } from './table/lake-table.js';
import { loadTable } from './table/load-table.js';
import { foldCase } from './table/names.js';

const defaultMaxFiles = 100_000;

/** The tables of a root, and the last state seen of each. */
export class LakeCatalog {
  readonly #sourceId: string;
  readonly #options: LakeOptions;
  readonly #root: string;
  readonly #tables = new Map<string, LakeTable>();

  constructor(sourceId: string, options: LakeOptions) {
    this.#sourceId = sourceId;
    this.#options = options;
    this.#root = resolve(options.baseDirectory ?? process.cwd(), options.root);
  }

  get root(): string {
    return this.#root;
  }

  /** The root with its symbolic links followed; as configured while it does not exist. */
  realRoot(): string {
    try {
      return realpathSync(this.#root);
    } catch {
      return this.#root;
    }
  }

  /** @throws TributaryError when the root cannot be listed, or a configured table's files cannot. */
  async definitions(ctx: CallContext): Promise<readonly TableDefinition[]> {
    const limits = await this.#limits(ctx);
    const { tables } = this.#options;
    if (tables === undefined) return discoverTables(limits.root, limits);
    return Object.entries(tables).map(([name, options]) => definitionOf(name, options, limits.root));
  }

  /** Reads the table as it is now; undefined when there is none of that name. */
  async load(path: readonly string[], ctx: CallContext): Promise<LakeTable | undefined> {
    const definition = findDiscovered(await this.definitions(ctx), path, this.#sourceId);
    if (definition === undefined) {
      this.#tables.delete(keyOf(path));
      return undefined;
    }
    return this.loadDefinition(definition, path, ctx);
  }

  /** Reads a table that was loaded before, without looking for its place again. */
  async reload(path: readonly string[], ctx: CallContext): Promise<LakeTable | undefined> {
    const known = this.known(path);
    return known === undefined ? this.load(path, ctx) : this.loadDefinition(known.definition, path, ctx);
  }

  async loadDefinition(
    definition: TableDefinition,
    path: readonly string[],
    ctx: CallContext,
  ): Promise<LakeTable> {
    const key = keyOf(path);
    const table = await loadTable(definition, this.#tables.get(key), await this.#limits(ctx));
    this.#tables.set(key, table);
    return table;
  }

  /** The state of the last `load`. */
  known(path: readonly string[]): LakeTable | undefined {
    return this.#tables.get(keyOf(path));
  }

  clear(): void {
    this.#tables.clear();
  }

  async #limits({ signal }: CallContext): Promise<ListingLimits> {
    if (signal.aborted) throw abortError(signal);
    try {
      const root = await realpath(this.#root);
      const maxFiles = this.#options.maxFiles ?? defaultMaxFiles;
      return { sourceId: this.#sourceId, root, maxFiles, signal };
    } catch (error) {
      throw fileError(error, this.#root, this.#sourceId);
    }
  }
}

/** Names know no case in SQL. */
function keyOf(path: readonly string[]): string {
  return foldCase(path.join('\0'));
}
