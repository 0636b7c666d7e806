import type { DuckDBPreparedStatement } from '@duckdb/node-api';
import { TributaryError } from '@tributary/contract/errors';
import { type ColumnId, type Rel, outputOf } from '@tributary/contract/plan';
import type { ParameterValues } from '@tributary/contract/source';
import type { OutputColumn, ParameterInfo, ViewDefinition } from '../plan/federated-plan.js';
import type { FederatedDataSourceRegistry } from '../registry/index.js';
import { BinderDatabase } from './binder-database.js';
import { columnType } from './column-type.js';
import { describesTables } from './describes.js';
import { refuseForbiddenFunctions } from './forbidden-functions.js';
import { importPlan } from './import-plan.js';
import { type JsonObject, Unimportable } from './json.js';
import { asTable, namedPlan } from './named-plan.js';
import { parameterTokens, withParameterTypes } from './parameter-tokens.js';
import type { SchemaCache } from './schema-cache.js';
import {
  type ShowStatement,
  mayBeShow,
  mayHoldShow,
  refusedAsView,
  refusedShow,
  showStatement,
} from './show-statement.js';
import { shownTable, withTableRead } from './shown-table.js';
import { messageOf, statementError } from './sql-errors.js';
import { castName, parameterNames, parameterTypes, unsettledParameters } from './statement-parameters.js';
import { quote } from './stub-catalogue.js';
import { TableResolver } from './table-resolver.js';
import { TableStubs, isUnknownTable } from './table-stubs.js';
import { type TextTable, textTables } from './text-tables.js';
import { withVersionNames } from './time-travel.js';
import { ViewCatalogue } from './view-catalogue.js';

/** A statement with every name and type settled. */
export interface BoundStatement {
  /** The text that was bound; parameter types may have been written into it. */
  readonly sql: string;
  /** Whether parameters have the types of their values, not those that their surroundings give them. */
  readonly typed: boolean;
  readonly output: readonly OutputColumn[];
  readonly parameters: readonly ParameterInfo[];
  /** The first id that the plan does not use. */
  readonly nextId: ColumnId;
  readonly body: BoundBody;
  /** Whether it holds rows of a DESCRIBE: they are about tables that are in neither `tables` nor the plan. */
  readonly describes: boolean;
  /** What the text reads: enough to run it unchanged. Its views are looked up when they are asked for, which is seldom. */
  readonly tables: readonly TextTable[];
  readonly views: () => Promise<readonly ViewDefinition[]>;
}

export type BoundBody =
  | { readonly kind: 'plan'; readonly relation: Rel }
  /** The IR cannot say it, for this reason. */
  | { readonly kind: 'text'; readonly reason: string };

/**
 * Binds statements with DuckDB: what it rejects never gets further. Statements are bound in turn, a millisecond or two each;
 * the sources are asked for unknown tables outside of that turn, so a slow one delays only those who name it.
 */
export class Binder {
  readonly #database: BinderDatabase;
  readonly #stubs: TableStubs;
  readonly #resolver: TableResolver;
  readonly #views = new ViewCatalogue();

  private constructor(database: BinderDatabase, resolver: TableResolver) {
    this.#database = database;
    this.#stubs = new TableStubs(database, resolver, this.#views);
    this.#resolver = resolver;
  }

  static async create(registry: FederatedDataSourceRegistry, schemas: SchemaCache): Promise<Binder> {
    return new Binder(await BinderDatabase.open(), new TableResolver(registry, schemas));
  }

  /** @throws TributaryError SQL.* */
  async bind(text: string, given: ParameterValues, signal: AbortSignal): Promise<BoundStatement> {
    const sql = await this.#withVersionNames(await this.#withTableName(text, signal));
    try {
      const bound = await this.#stubs.withAllMeant(sql, signal, () => this.#bind(sql, given));
      if (!bound.describes) return bound;
      // Whoever looks for tables that have changed does not find the described ones in the plan.
      await this.#stubs.add(sql, signal);
      return await this.#stubs.with(sql, signal, () => this.#bind(sql, given));
    } catch (error) {
      throw (await this.#refusedShow(sql)) ?? error;
    }
  }

  async #bind(sql: string, given: ParameterValues): Promise<BoundStatement> {
    const bound = await this.#bindByPlan(sql);
    if (bound !== undefined) return bound;
    const [preparing, planning] = await Promise.allSettled([
      this.#database.prepare(sql),
      this.#database.plan(sql),
    ]);
    using prepared = disposable(fulfilled(preparing));
    const unsettled = unsettledParameters(prepared.statement);
    if (unsettled.length === 0) {
      try {
        return this.#import(sql, fulfilled(planning), prepared.statement, false);
      } catch (error) {
        // DuckDB cannot write down a plan in which a function left a parameter without a type, as NULLIF($1, x) does.
        if (given.size === 0) throw error;
      }
    }
    // DuckDB cannot type some parameter by its surroundings: write the given value's type (never the value) in.
    const missing = unsettled.find((name) => !given.has(name));
    if (missing !== undefined) {
      throw new TributaryError('SQL.PARAMETER', {
        message: `The type of parameter $${missing} cannot be told from the statement.`,
        fix: `Give the parameter a value, or write CAST($${missing} AS <type>).`,
      });
    }
    return this.#bindTyped(sql, given);
  }

  /** Binds with every parameter of the type of its value. */
  async bindTyped(text: string, given: ParameterValues, signal: AbortSignal): Promise<BoundStatement> {
    const sql = await this.#withVersionNames(await this.#withTableName(text, signal));
    return this.#stubs.withAllMeant(sql, signal, () => this.#bindTyped(sql, given));
  }

  /**
   * Takes note of a view without asking any source: it is made when a statement first reads it.
   * @throws TributaryError when its text is no query
   */
  declareView(view: ViewDefinition): Promise<void> {
    return this.#database.inTurn(async () => {
      await this.#parseView(view.query);
      const query = await withVersionNames(view.query, (text) => this.#database.parse(text));
      this.#views.set({ ...view, query });
    });
  }

  /** Defines (or replaces) a view over any sources. @throws TributaryError when the view's query does not bind. */
  async createView(view: ViewDefinition, replace: boolean, signal: AbortSignal): Promise<void> {
    const { name } = view;
    await this.#database.inTurn(() => this.#parseView(view.query));
    const query = await this.#withVersionNames(view.query);
    if (parameterTokens(query).length > 0) {
      throw new TributaryError('SQL.BIND', { message: `The view "${name}" has parameters; a view cannot.` });
    }
    if (this.#views.has(name) && !replace) {
      throw new TributaryError('SQL.BIND', {
        message: `There is a view "${name}" already.`,
        fix: 'Write CREATE OR REPLACE VIEW, or choose another name.',
      });
    }
    await this.#stubs.with(query, signal, async () => {
      (await this.#database.prepare(query)).destroySync();
      try {
        await this.#database.run(`CREATE OR REPLACE VIEW ${quote(name)} AS ${query}`);
      } catch (error) {
        throw statementError(query, messageOf(error));
      }
      this.#views.set({ name, query });
    });
  }

  dropView(name: string, ifExists: boolean): Promise<void> {
    return this.#database.inTurn(async () => {
      if (!this.#views.delete(name) && !ifExists) {
        throw new TributaryError('SQL.UNKNOWN_TABLE', {
          message: `There is no view "${name}".`,
          candidates: this.#views.all().map((view) => view.name),
        });
      }
      await this.#database.run(`DROP VIEW IF EXISTS ${quote(name)}`);
    });
  }

  /** The statement if it is a SHOW of what tables there are. */
  async shown(sql: string, signal: AbortSignal): Promise<ShowStatement | undefined> {
    if (!mayBeShow(sql)) return undefined;
    const table = shownTable(sql);
    const isTable = table !== undefined && (!table.mayBeList || (await this.#knows(table.name, signal)));
    if (isTable) return undefined;
    // What is wrong with the text is said when it is bound.
    const tree = await this.#parse(sql).catch(() => undefined);
    return tree && showStatement(tree);
  }

  views(): readonly ViewDefinition[] {
    return this.#views.all();
  }

  /** Calls back whenever statements that were bound may mean other columns now. */
  onNewColumns(listener: () => void): void {
    this.#stubs.onNewColumns = listener;
  }

  /** Makes the tables of a source be looked up anew. */
  forget(sourceId: string): Promise<void> {
    return this.#database.inTurn(() => this.#stubs.forget(sourceId));
  }

  /** DuckDB's message about a statement of the engine's own that it does not take; undefined where it does. */
  refusal(sql: string): Promise<string | undefined> {
    return this.#database.inTurn(() => this.#database.refusal(sql));
  }

  evaluate(expressions: readonly string[]): Promise<readonly (string | null)[]> {
    return this.#database.inTurn(() => this.#database.evaluate(expressions));
  }

  close(): void {
    this.#database.close();
  }

  /** By the plan alone, where it says all: to prepare the statement as well would double the work. */
  async #bindByPlan(sql: string): Promise<BoundStatement | undefined> {
    if (parameterTokens(sql).length > 0) return undefined;
    // What is wrong with the statement is said when it is prepared.
    const plan = await this.#database.plan(asTable(sql)).catch(() => undefined);
    const named = plan && namedPlan(plan);
    if (named === undefined) return undefined;
    try {
      return this.#statement(sql, named.root, false, () => this.#importPlan(named.root, named.names, []));
    } catch (error) {
      if (error instanceof Unimportable) return undefined;
      throw error;
    }
  }

  async #bindTyped(sql: string, given: ParameterValues): Promise<BoundStatement> {
    const types = new Map([...given].map(([name, value]) => [name, castName(value.type)]));
    const typed = withParameterTypes(sql, types);
    using prepared = disposable(await this.#database.prepare(typed));
    return this.#import(typed, await this.#database.plan(typed), prepared.statement, true);
  }

  #withVersionNames(sql: string): Promise<string> {
    return withVersionNames(sql, (text) => this.#parse(text));
  }

  /** `DESCRIBE "tables"` as `DESCRIBE FROM "tables"`, which is of the table. @throws TributaryError SQL.UNKNOWN_TABLE */
  async #withTableName(sql: string, signal: AbortSignal): Promise<string> {
    const table = shownTable(sql);
    if (table === undefined) return sql;
    if (!this.#views.has(table.name)) await this.#resolver.resolve([table.name], table.position, signal);
    return withTableRead(sql, table);
  }

  /** Whether a name without its source is a table or a view. */
  async #knows(name: string, signal: AbortSignal): Promise<boolean> {
    if (this.#views.has(name)) return true;
    try {
      await this.#resolver.resolve([name], undefined, signal);
      return true;
    } catch (error) {
      if (isUnknownTable(error)) return false;
      throw error;
    }
  }

  /** What DuckDB says of a SHOW inside a query is of its own catalogue. */
  async #refusedShow(sql: string): Promise<TributaryError | undefined> {
    const tree = mayHoldShow(sql) ? await this.#parse(sql).catch(() => undefined) : undefined;
    return tree && refusedShow(tree);
  }

  async #parseView(query: string): Promise<void> {
    const refused = refusedAsView(await this.#database.parse(query));
    if (refused !== undefined) throw refused;
  }

  #parse(sql: string): Promise<JsonObject> {
    return this.#database.inTurn(() => this.#database.parse(sql));
  }

  #import(sql: string, root: JsonObject, statement: DuckDBPreparedStatement, typed: boolean): BoundStatement {
    const names = Array.from({ length: statement.columnCount }, (_, i) => statement.columnName(i));
    const parameters = parameterNames(statement);
    return this.#statement(sql, root, typed, () => {
      try {
        return this.#importPlan(root, names, parameters);
      } catch (error) {
        if (!(error instanceof Unimportable)) throw error;
        refuseForbiddenFunctions(root);
        return {
          output: names.map((name, i) => ({ name, type: columnType(statement.columnType(i)) })),
          parameters: parameters.map((name) => ({ name, type: undefined })),
          nextId: 1,
          body: { kind: 'text', reason: error.message },
        };
      }
    });
  }

  #statement(sql: string, root: JsonObject, typed: boolean, imported: () => Imported): BoundStatement {
    const tables = textTables(root, (...stub) => this.#stubs.lookup(...stub));
    return {
      sql,
      typed,
      tables,
      describes: describesTables(root),
      views: () => this.#viewsOf(sql),
      ...imported(),
    };
  }

  async #viewsOf(sql: string): Promise<readonly ViewDefinition[]> {
    if (this.#views.all().length === 0) return [];
    return (await this.#database.inTurn(() => this.#stubs.reads(sql))).views;
  }

  /** @throws Unimportable */
  #importPlan(root: JsonObject, names: readonly string[], parameters: readonly string[]): Imported {
    let nextId = 1;
    const relation = importPlan(root, {
      table: (catalog, schema, name) => this.#stubs.lookup(catalog, schema, name),
      newId: () => nextId++,
    });
    const types = parameterTypes(relation);
    return {
      output: outputOf(relation).map((c, i) => ({ name: names[i] ?? c.name, type: c.type })),
      // DuckDB may have folded a parameter away; the statement still takes it.
      parameters: parameters.map((name) => ({ name, type: types.get(name) })),
      nextId,
      body: { kind: 'plan', relation },
    };
  }
}

type Imported = Pick<BoundStatement, 'output' | 'parameters' | 'nextId' | 'body'>;

function disposable(
  statement: DuckDBPreparedStatement,
): Disposable & { readonly statement: DuckDBPreparedStatement } {
  return { statement, [Symbol.dispose]: () => statement.destroySync() };
}

function fulfilled<T>(outcome: PromiseSettledResult<T>): T {
  if (outcome.status === 'rejected') throw outcome.reason;
  return outcome.value;
}
