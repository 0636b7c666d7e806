import {
  type DuckDBConnection,
  DuckDBInstance,
  type DuckDBMaterializedResult,
  type DuckDBPreparedStatement,
  StatementType,
} from '@duckdb/node-api';
import { TributaryError } from '@tributary/contract/errors';
import { type JsonObject, objectsAt, parsePlanJson } from './json.js';
import { refusedAsNoQuery, refusedStatement } from './refused-statement.js';
import { messageOf, saysMissingTable, statementError } from './sql-errors.js';

/** Nothing runs here but constants: what its optimiser would do to a statement is of no use. */
const perConnection = ["SET TimeZone='UTC'", 'PRAGMA disable_optimizer'];

const lockDown = [
  'SET autoinstall_known_extensions=false',
  'SET autoload_known_extensions=false',
  'SET enable_external_access=false',
  'SET lock_configuration=true',
];

/** A table, schema or catalogue of the statement is not there. It may only lack its stub. */
export class MissingStub extends Error {
  override readonly name = 'MissingStub';
}

/**
 * The DuckDB that statements are bound with: it holds only empty stubs and can reach no file, extension or setting.
 * What must not be interleaved runs in turn; a second connection is there to write plans down while the first one prepares.
 */
export class BinderDatabase {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #second: DuckDBConnection;
  readonly #serialize: DuckDBPreparedStatement;
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    second: DuckDBConnection,
    serialize: DuckDBPreparedStatement,
  ) {
    this.#instance = instance;
    this.#connection = connection;
    this.#second = second;
    this.#serialize = serialize;
  }

  static async open(): Promise<BinderDatabase> {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1', memory_limit: '1GB' });
    const connection = await instance.connect();
    const second = await instance.connect();
    for (const statement of perConnection) {
      await connection.run(statement);
      await second.run(statement);
    }
    for (const statement of lockDown) await connection.run(statement);
    // The plan must be the unoptimised one, with none of the skip flags: see docs/architecture.md, "Bind".
    const serialize = await second.prepare('SELECT json_serialize_plan($1::VARCHAR)');
    return new BinderDatabase(instance, connection, second, serialize);
  }

  /** Runs the work when all earlier work is done. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work, work);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  /**
   * Prepares one SELECT.
   * @throws MissingStub, or TributaryError SQL.* for everything else
   */
  async prepare(sql: string): Promise<DuckDBPreparedStatement> {
    let statement: DuckDBPreparedStatement;
    try {
      statement = await this.#connection.prepare(sql);
    } catch (error) {
      const message = messageOf(error);
      if (saysMissingTable(message)) throw new MissingStub(message);
      throw await this.explain(sql, message);
    }
    if (statement.statementType === StatementType.SELECT) return statement;
    statement.destroySync();
    throw refusedAsNoQuery(sql);
  }

  /** The unoptimised bound plan of one statement. */
  async plan(sql: string): Promise<JsonObject> {
    this.#serialize.bindVarchar(1, sql);
    const document = parsePlanJson(onlyText(await this.#serialize.run()));
    const [root, ...more] = document['error'] === true ? [] : objectsAt(document, 'plans');
    if (root !== undefined && more.length === 0) return root;
    throw (
      refusedStatement(sql) ??
      new TributaryError('SQL.UNSUPPORTED_STATEMENT', {
        message: `The statement cannot be planned: ${String(document['error_message'])}`,
      })
    );
  }

  /** The parse tree of a query. @throws TributaryError SQL.SYNTAX, or SQL.UNSUPPORTED_STATEMENT for what is no query */
  async parse(sql: string): Promise<JsonObject> {
    const result = await this.#connection.run('SELECT json_serialize_sql($1::VARCHAR)', [sql]);
    const parsed = parsePlanJson(onlyText(result));
    if (parsed['error'] !== true) return parsed;
    // The text is right, but no SELECT.
    if (parsed['error_type'] === 'not implemented') throw refusedAsNoQuery(sql);
    const position = Number(parsed['position']);
    const byteOffset = Number.isInteger(position) ? position : undefined;
    const kind = parsed['error_type'] === 'parser' ? 'Parser Error: ' : '';
    throw statementError(sql, `${kind}${String(parsed['error_message'])}`, { byteOffset });
  }

  /** DuckDB's message, with the statement's shape looked at first: a wrong kind of statement is not a wrong name. */
  async explain(sql: string, message: string, fix?: string): Promise<TributaryError> {
    const refused = refusedStatement(sql);
    if (refused !== undefined) return refused;
    try {
      await this.parse(sql);
    } catch (error) {
      if (error instanceof TributaryError) return error;
    }
    return statementError(sql, message, { fix });
  }

  /** DuckDB's message about a statement that it does not take; undefined where it does. */
  async refusal(sql: string): Promise<string | undefined> {
    try {
      (await this.#connection.prepare(sql)).destroySync();
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  }

  async run(statement: string): Promise<void> {
    await this.#connection.run(statement);
  }

  /** Values of constant SQL expressions, as text. @throws when DuckDB cannot evaluate one of them. */
  async evaluate(expressions: readonly string[]): Promise<readonly (string | null)[]> {
    const list = expressions.map((e) => `CAST(${e} AS VARCHAR)`).join(', ');
    const row = (await this.#connection.run(`SELECT ${list}`)).getChunk(0);
    return expressions.map((_, column) => {
      const value = row.getColumnVector(column).getItem(0);
      return value === null ? null : String(value);
    });
  }

  close(): void {
    this.#serialize.destroySync();
    this.#second.closeSync();
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}

/** The one value of a result. All of it is here already: a reader would go to another thread for each chunk, and for the end. */
function onlyText(result: DuckDBMaterializedResult): string {
  return String(result.getChunk(0).getColumnVector(0).getItem(0));
}
