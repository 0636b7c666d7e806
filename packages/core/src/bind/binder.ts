import {
  type DuckDBConnection,
  DuckDBInstance,
  type DuckDBPreparedStatement,
  StatementType,
} from '@duckdb/node-api';
import { TributaryError } from '@tributary/contract/errors';
import {
  type ColumnId,
  type Rel,
  exprsOf,
  outputOf,
  someExpr,
  someRel,
  typeName,
} from '@tributary/contract/plan';
import type { ParameterValues } from '@tributary/contract/source';
import type { OutputColumn, ParameterInfo, ViewDefinition } from '../plan/federated-plan.js';
import type { FederatedDataSourceRegistry } from '../registry/index.js';
import type { Volatility } from './fold-constants.js';
import { columnType } from './column-type.js';
import { type BoundTable, importPlan } from './import-plan.js';
import { type JsonObject, Unimportable, isObject, objectsAt, parsePlanJson } from './json.js';
import { parameterTokens, withParameterTypes } from './parameter-tokens.js';
import type { SchemaCache } from './schema-cache.js';
import { saysMissingTable, statementError, charOffset } from './sql-errors.js';
import { StubCatalogue, type StubPath, quote } from './stub-catalogue.js';
import { TableResolver } from './table-resolver.js';
import { tableReferences } from './table-references.js';

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
  /** What the text reads: enough to run it unchanged. */
  readonly tables: readonly TextTable[];
  readonly views: readonly ViewDefinition[];
}

export type BoundBody =
  | { readonly kind: 'plan'; readonly relation: Rel }
  /** The IR cannot say it, for this reason. */
  | { readonly kind: 'text'; readonly reason: string };

export interface TextTable {
  readonly stub: StubPath;
  readonly table: BoundTable;
  /** Positions in the table's schema of the columns that the text needs. */
  readonly columns: readonly number[];
}

/** Table functions that make rows of their arguments alone. */
const harmlessTableFunctions: ReadonlySet<string> = new Set([
  'seq_scan',
  'range',
  'generate_series',
  'unnest',
  'repeat',
  'repeat_row',
]);

const lockDown = [
  "SET TimeZone='UTC'",
  'SET autoinstall_known_extensions=false',
  'SET autoload_known_extensions=false',
  'SET enable_external_access=false',
  'SET lock_configuration=true',
];

/**
 * Binds statements with a DuckDB that holds only empty stubs and can reach no file: what it rejects never gets further.
 * One connection, one statement at a time; a statement takes a millisecond or two.
 */
export class Binder {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #serialize: DuckDBPreparedStatement;
  readonly #stubs: StubCatalogue;
  readonly #resolver: TableResolver;
  /** By lower-case name, in the order of creation. */
  readonly #views = new Map<string, ViewDefinition>();
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    serialize: DuckDBPreparedStatement,
    resolver: TableResolver,
  ) {
    this.#instance = instance;
    this.#connection = connection;
    this.#serialize = serialize;
    this.#stubs = new StubCatalogue(connection);
    this.#resolver = resolver;
  }

  static async create(registry: FederatedDataSourceRegistry, schemas: SchemaCache): Promise<Binder> {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1', memory_limit: '1GB' });
    const connection = await instance.connect();
    for (const statement of lockDown) await connection.run(statement);
    // The plan must be the unoptimised one, with none of the skip flags: see docs/architecture.md, "Bind".
    const serialize = await connection.prepare('SELECT json_serialize_plan($1::VARCHAR)');
    return new Binder(instance, connection, serialize, new TableResolver(registry, schemas));
  }

  /** @throws TributaryError SQL.* */
  bind(sql: string, given: ParameterValues, signal: AbortSignal): Promise<BoundStatement> {
    return this.#exclusive(async () => {
      const prepared = await this.#prepare(sql, signal);
      if (prepared.unresolved.length === 0) {
        try {
          return await this.#finish(sql, prepared.statement, false);
        } catch (error) {
          // DuckDB cannot write down a plan in which a function left a parameter without a type, as NULLIF($1, x) does.
          if (given.size === 0) throw error;
          return this.#bindTyped(sql, given, signal);
        }
      }
      // DuckDB cannot type some parameter by its surroundings: write the given value's type (never the value) in.
      const missing = prepared.unresolved.find((name) => !given.has(name));
      if (missing !== undefined) {
        throw new TributaryError('SQL.PARAMETER', {
          message: `The type of parameter $${missing} cannot be told from the statement.`,
          fix: `Give the parameter a value, or write CAST($${missing} AS <type>).`,
        });
      }
      return this.#bindTyped(sql, given, signal);
    });
  }

  /** Binds with every parameter of the type of its value. */
  bindTyped(sql: string, given: ParameterValues, signal: AbortSignal): Promise<BoundStatement> {
    return this.#exclusive(() => this.#bindTyped(sql, given, signal));
  }

  /**
   * Takes note of a view without asking any source: it is made when a statement first reads it.
   * @throws TributaryError when its text is no query
   */
  declareView(view: ViewDefinition): Promise<void> {
    return this.#exclusive(async () => {
      await this.#parse(view.query);
      this.#views.set(view.name.toLowerCase(), view);
    });
  }

  /** Defines (or replaces) a view over any sources. @throws TributaryError when the view's query does not bind. */
  createView({ name, query: sql }: ViewDefinition, replace: boolean, signal: AbortSignal): Promise<void> {
    return this.#exclusive(async () => {
      const { statement } = await this.#prepare(sql, signal);
      statement.destroySync();
      if (parameterTokens(sql).length > 0) {
        throw new TributaryError('SQL.BIND', {
          message: `The view "${name}" has parameters; a view cannot.`,
        });
      }
      await this.#run(sql, `CREATE ${replace ? 'OR REPLACE ' : ''}VIEW ${quote(name)} AS ${sql}`);
      this.#views.delete(name.toLowerCase());
      this.#views.set(name.toLowerCase(), { name, query: sql });
    });
  }

  dropView(name: string, ifExists: boolean): Promise<void> {
    return this.#exclusive(async () => {
      await this.#run(name, `DROP VIEW ${ifExists ? 'IF EXISTS ' : ''}${quote(name)}`);
      this.#views.delete(name.toLowerCase());
    });
  }

  views(): readonly ViewDefinition[] {
    return [...this.#views.values()];
  }

  /** Makes the tables of a source be looked up anew. */
  forget(sourceId: string): Promise<void> {
    return this.#exclusive(() => this.#stubs.forget(sourceId));
  }

  /** Which functions may not be folded into constants, as DuckDB itself declares it. */
  functionVolatility(): Promise<Volatility> {
    return this.#exclusive(async () => {
      const reader = await this.#connection.runAndReadAll(
        "SELECT DISTINCT function_name, stability FROM duckdb_functions() WHERE stability <> 'CONSISTENT'",
      );
      const named = (stability: string): ReadonlySet<string> =>
        new Set(reader.getRowsJson().flatMap(([name, s]) => (s === stability ? [String(name)] : [])));
      return { volatile: named('VOLATILE'), perStatement: named('CONSISTENT_WITHIN_QUERY') };
    });
  }

  /** Values of constant SQL expressions, as text. @throws when DuckDB cannot evaluate one of them. */
  evaluate(expressions: readonly string[]): Promise<readonly (string | null)[]> {
    return this.#exclusive(async () => {
      const list = expressions.map((e) => `CAST(${e} AS VARCHAR)`).join(', ');
      const reader = await this.#connection.runAndReadAll(`SELECT ${list}`);
      const [row = []] = reader.getRowsJson();
      return row.map((value) => (value === null ? null : String(value)));
    });
  }

  close(): void {
    this.#serialize.destroySync();
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  async #bindTyped(sql: string, given: ParameterValues, signal: AbortSignal): Promise<BoundStatement> {
    const types = new Map([...given].map(([name, value]) => [name, castName(value.type)]));
    const typed = withParameterTypes(sql, types);
    const { statement } = await this.#prepare(typed, signal);
    return this.#finish(typed, statement, true);
  }

  /** Prepares the statement, adding the stubs that it lacks. */
  async #prepare(
    sql: string,
    signal: AbortSignal,
  ): Promise<{ readonly statement: DuckDBPreparedStatement; readonly unresolved: readonly string[] }> {
    let statement: DuckDBPreparedStatement;
    try {
      statement = await this.#connection.prepare(sql);
    } catch (first) {
      const message = messageOf(first);
      if (!saysMissingTable(message) && !/Contents of view were altered/i.test(message))
        throw await this.#explain(sql, message);
      await this.#addStubs(sql, signal);
      await this.#renewViews();
      try {
        statement = await this.#connection.prepare(sql);
      } catch (second) {
        throw await this.#explain(sql, messageOf(second));
      }
    }
    if (statement.statementType !== StatementType.SELECT) {
      throw new TributaryError('SQL.UNSUPPORTED_STATEMENT', {
        message: `A ${StatementType[statement.statementType] ?? 'statement'} statement cannot run here.`,
      });
    }
    const unresolved: string[] = [];
    for (let i = 1; i <= statement.parameterCount; i += 1) {
      // Type 0 is INVALID, 36 and above are literal or unknown types: not settled.
      if (statement.parameterTypeId(i) === 0) unresolved.push(statement.parameterName(i));
    }
    return { statement, unresolved };
  }

  /** Stubs for every table that the text reads, directly or through views. */
  async #addStubs(sql: string, signal: AbortSignal, seen: ReadonlySet<string> = new Set()): Promise<void> {
    for (const reference of tableReferences(await this.#parse(sql))) {
      const key = reference.parts.join('.').toLowerCase();
      const view = reference.parts.length === 1 ? this.#views.get(key) : undefined;
      if (view !== undefined && !seen.has(key)) {
        await this.#addStubs(view.query, signal, new Set([...seen, key]));
        continue;
      }
      try {
        const position = seen.size === 0 ? charOffset(sql, reference.byteOffset) : undefined;
        const { stub, table } = await this.#resolver.resolve(reference.parts, position, signal);
        await this.#stubs.define(stub, table);
      } catch (error) {
        const unknown = error instanceof TributaryError && error.code === 'SQL.UNKNOWN_TABLE';
        if (!unknown || !reference.maybeCte) throw error;
      }
    }
  }

  /** DuckDB pins a view's column types when it is created; they follow the stubs when it is created again. */
  async #renewViews(): Promise<void> {
    for (const { name, query } of this.#views.values()) {
      // A view whose own tables are gone fails when it is read, with a better message than here.
      await this.#connection.run(`CREATE OR REPLACE VIEW ${quote(name)} AS ${query}`).catch(() => undefined);
    }
  }

  /** The views that a text reads, directly or through others, each after those that it reads itself. */
  async #viewsIn(
    sql: string,
    into: Map<string, ViewDefinition> = new Map(),
  ): Promise<Map<string, ViewDefinition>> {
    if (this.#views.size === 0) return into;
    for (const { parts } of tableReferences(await this.#parse(sql))) {
      const key = parts.join('.').toLowerCase();
      const view = this.#views.get(key);
      if (view === undefined || into.has(key)) continue;
      await this.#viewsIn(view.query, into);
      into.set(key, view);
    }
    return into;
  }

  async #parse(sql: string): Promise<JsonObject> {
    const reader = await this.#connection.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)', [sql]);
    const parsed = parsePlanJson(String(reader.getRowsJson()[0]?.[0]));
    if (parsed['error'] === true)
      throw statementError(sql, String(parsed['error_message']), offsetOf(parsed));
    return parsed;
  }

  async #finish(sql: string, statement: DuckDBPreparedStatement, typed: boolean): Promise<BoundStatement> {
    this.#serialize.bindVarchar(1, sql);
    const reader = await this.#serialize.runAndReadAll();
    const document = parsePlanJson(String(reader.getRowsJson()[0]?.[0]));
    if (document['error'] === true) {
      throw new TributaryError('SQL.UNSUPPORTED_STATEMENT', {
        message: `The statement cannot be planned: ${String(document['error_message'])}`,
      });
    }
    const [root, ...more] = objectsAt(document, 'plans');
    if (root === undefined || more.length > 0) {
      throw new TributaryError('SQL.UNSUPPORTED_STATEMENT', { message: 'Give one statement at a time.' });
    }
    const views = [...(await this.#viewsIn(sql)).values()];
    const bound = this.#import(sql, root, statement);
    return { typed, tables: this.#textTables(root), views, ...bound };
  }

  #import(
    sql: string,
    root: JsonObject,
    statement: DuckDBPreparedStatement,
  ): Omit<BoundStatement, 'typed' | 'tables' | 'views'> {
    let nextId = 1;
    const names = Array.from({ length: statement.columnCount }, (_, i) => statement.columnName(i));
    try {
      const relation = importPlan(root, {
        table: (catalog, schema, name) => this.#stubs.lookup(catalog, schema, name),
        newId: () => nextId++,
      });
      const output = outputOf(relation).map((c, i) => ({ name: names[i] ?? c.name, type: c.type }));
      return { sql, output, parameters: parametersOf(relation), nextId, body: { kind: 'plan', relation } };
    } catch (error) {
      if (!(error instanceof Unimportable)) throw error;
      const parameters = [...new Set(parameterTokens(sql).map((t) => t.name))].map((name) => ({
        name,
        type: undefined,
      }));
      const body = { kind: 'text', reason: error.message } as const;
      const output = names.map((name, i) => ({ name, type: columnType(statement.columnType(i)) }));
      return { sql, output, parameters, nextId, body };
    }
  }

  /** The tables that a plan of unknown operators reads. @throws TributaryError SQL.FORBIDDEN for other readers. */
  #textTables(root: JsonObject): readonly TextTable[] {
    const tables = new Map<string, TextTable>();
    const visit = (node: JsonObject): void => {
      if (node['type'] === 'LOGICAL_GET') {
        const name = String(node['name']);
        if (!harmlessTableFunctions.has(name)) {
          throw new TributaryError('SQL.FORBIDDEN', {
            message: `The table function ${name} is not open to statements.`,
          });
        }
        this.#addTextTable(node, tables);
      }
      for (const child of objectsAt(node, 'children')) visit(child);
    };
    visit(root);
    return [...tables.values()];
  }

  #addTextTable(node: JsonObject, tables: Map<string, TextTable>): void {
    const data = node['function_data'];
    if (!isObject(data) || typeof data['table'] !== 'string') return;
    const stub: StubPath = [String(data['catalog']), String(data['schema']), data['table']];
    const table = this.#stubs.lookup(...stub);
    if (table === undefined) {
      throw new TributaryError('SQL.FORBIDDEN', {
        message: `"${stub.join('.')}" is not a table of any source.`,
      });
    }
    const key = JSON.stringify(stub);
    const positions = objectsAt(node, 'column_indexes')
      .map((entry) => Number(entry['index']))
      .filter((index) => index >= 0 && index < table.schema.columns.length);
    const columns = [...new Set([...(tables.get(key)?.columns ?? []), ...positions])].toSorted((a, b) => a - b);
    tables.set(key, { stub, table, columns });
  }

  /** DuckDB's message, with the statement's shape looked at first: a wrong kind of statement is not a wrong name. */
  async #explain(sql: string, message: string): Promise<TributaryError> {
    if (/multiple statements|Cannot prepare multiple/i.test(message)) {
      return new TributaryError('SQL.UNSUPPORTED_STATEMENT', { message: 'Give one statement at a time.' });
    }
    try {
      await this.#parse(sql);
    } catch (error) {
      if (error instanceof TributaryError && error.code === 'SQL.SYNTAX') return error;
      return statementError(sql, message);
    }
    return statementError(sql, message);
  }

  async #run(sql: string, statement: string): Promise<void> {
    try {
      await this.#connection.run(statement);
    } catch (error) {
      throw statementError(sql, messageOf(error));
    }
  }

  #exclusive<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work, work);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }
}

function parametersOf(relation: Rel): readonly ParameterInfo[] {
  const found = new Map<string, ParameterInfo>();
  someRel(relation, (rel) => {
    for (const expr of exprsOf(rel)) {
      someExpr(expr, (e) => {
        if (e.kind === 'parameter' && !found.has(e.name)) found.set(e.name, { name: e.name, type: e.type });
        return false;
      });
    }
    return false;
  });
  return [...found.values()];
}

/** A bare NULL has no type to cast to; text fits anywhere that NULL does. */
function castName(type: ParameterInfo['type']): string {
  return type === undefined || type.id === 'null' ? 'VARCHAR' : typeName(type);
}

function offsetOf(parsed: JsonObject): number | undefined {
  const position = Number(parsed['position']);
  return Number.isInteger(position) ? position : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
