import { TributaryError } from '@tributary/contract/errors';
import { type BinderDatabase, MissingStub } from './binder-database.js';
import type { BoundTable } from './import-plan.js';
import type { JsonObject } from './json.js';
import { looseNames, mayMeanOthers } from './loose-names.js';
import { charOffset } from './sql-errors.js';
import { StubCatalogue, type StubPath, quote } from './stub-catalogue.js';
import { tableReferences } from './table-references.js';
import type { Resolution, TableResolver } from './table-resolver.js';
import type { TextTable } from './text-tables.js';
import type { ReadTable, ViewCatalogue } from './view-catalogue.js';

/** Where the tables that the parse tree names are all there, and yet one is missing. */
const unseenTable = 'Name the table in FROM: in the text of query() or query_table() it is not looked up.';

/** Sees to it that the tables of which a statement tells are in the binder's DuckDB, with all the columns that it may mean. */
export class TableStubs {
  /** Called when statements that were bound may mean other columns now. */
  onNewColumns: () => void = () => undefined;
  readonly #database: BinderDatabase;
  readonly #stubs: StubCatalogue;
  readonly #resolver: TableResolver;
  readonly #views: ViewCatalogue;

  constructor(database: BinderDatabase, resolver: TableResolver, views: ViewCatalogue) {
    this.#database = database;
    this.#stubs = new StubCatalogue((statement) => database.run(statement));
    this.#resolver = resolver;
    this.#views = views;
  }

  lookup(...stub: StubPath): BoundTable | undefined {
    return this.#stubs.lookup(...stub);
  }

  /** Drops those of a source's tables. To be called in turn. */
  forget(sourceId: string): Promise<void> {
    return this.#stubs.forget(sourceId);
  }

  /** Does the work in turn; where it lacks stubs or columns that a source has not seen yet, once more after they are made. */
  async with<T>(sql: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    try {
      return await this.#withTables(sql, signal, work);
    } catch (error) {
      const mayLackColumn = error instanceof TributaryError && error.code === 'SQL.BIND';
      if (!mayLackColumn || !(await this.#completed(sql, signal))) throw error;
    }
    return this.#withTables(sql, signal, work);
  }

  /** Binds; where a table of which only a sample is known might have a column that one of the names means, once more with all of it. */
  async withAllMeant<T extends { readonly tables: readonly TextTable[] }>(
    sql: string,
    signal: AbortSignal,
    bind: () => Promise<T>,
  ): Promise<T> {
    const bound = await this.with(sql, signal, bind);
    const sampled = bound.tables.filter(({ table }) => table.schema.sampled === true);
    if (sampled.length === 0) return bound;
    const trees: JsonObject[] = [];
    await this.#database.inTurn(() => this.reads(sql, (tree) => trees.push(tree)));
    const names = looseNames(trees);
    const unclear = sampled.filter(({ table }) => mayMeanOthers(names, table.schema.columns));
    if (unclear.length === 0) return bound;
    await Promise.all(unclear.map(({ table }) => this.#resolver.complete(table, signal)));
    this.onNewColumns();
    await this.add(sql, signal);
    return this.with(sql, signal, bind);
  }

  async #withTables<T>(sql: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    try {
      return await this.#database.inTurn(work);
    } catch (error) {
      if (!(error instanceof MissingStub)) throw error;
    }
    await this.add(sql, signal);
    try {
      return await this.#database.inTurn(work);
    } catch (error) {
      throw error instanceof MissingStub
        ? await this.#database.explain(sql, error.message, unseenTable)
        : error;
    }
  }

  /** Stubs for every table that the text reads, directly or through views. */
  async add(sql: string, signal: AbortSignal): Promise<void> {
    const { tables } = await this.#database.inTurn(() => this.reads(sql));
    const resolved = await Promise.all(tables.map((table) => this.#resolve(table, sql, signal)));
    await this.#database.inTurn(async () => {
      for (const resolution of resolved) {
        if (resolution !== undefined) await this.#stubs.define(resolution.stub, resolution.table);
      }
      // DuckDB pins a view's column types when it is created; they follow the stubs when it is created again.
      for (const { name, query } of this.#views.all()) {
        const create = `CREATE OR REPLACE VIEW ${quote(name)} AS ${query}`;
        // A view whose own tables are gone fails when it is read, with a better message than here.
        await this.#database.run(create).catch(() => undefined);
      }
    });
  }

  /** Makes the stubs anew of tables that their sources know, or knew, by a sample; returns whether there are any. */
  async #completed(sql: string, signal: AbortSignal): Promise<boolean> {
    if (!this.#stubs.hasSampled) return false;
    const { tables } = await this.#database.inTurn(() => this.reads(sql));
    const looks = tables.map(async (reference) => {
      const resolution = await this.#resolve(reference, sql, signal);
      if (resolution === undefined || this.#stubs.lookup(...resolution.stub)?.schema.sampled !== true)
        return false;
      // Somebody else may have completed it since.
      await this.#resolver.complete(resolution.table, signal);
      return true;
    });
    if (!(await Promise.all(looks)).includes(true)) return false;
    this.onNewColumns();
    await this.add(sql, signal);
    return true;
  }

  async #resolve(table: ReadTable, sql: string, signal: AbortSignal): Promise<Resolution | undefined> {
    const position = table.direct ? charOffset(sql, table.byteOffset) : undefined;
    try {
      return await this.#resolver.resolve(table.parts, position, signal);
    } catch (error) {
      if (table.maybeCte && isUnknownTable(error)) return undefined;
      throw error;
    }
  }

  /** @param each gets the parse trees of the text and of the views that it reads */
  reads(
    sql: string,
    each: (tree: JsonObject) => void = () => undefined,
  ): ReturnType<ViewCatalogue['readBy']> {
    return this.#views.readBy(sql, async (text) => {
      const tree = await this.#database.parse(text);
      each(tree);
      return tableReferences(tree);
    });
  }
}

export function isUnknownTable(error: unknown): boolean {
  return error instanceof TributaryError && error.code === 'SQL.UNKNOWN_TABLE';
}
