import { DuckDBBlobValue, DuckDBListValue, type DuckDBValue } from '@duckdb/node-api';
import {
  type CallContext,
  type DataType,
  type RemoteTableName,
  type RemoteTableSchema,
  type SourceHealth,
  TributaryError,
} from '@tributary/connector-sdk';
import type { Answer, Row, Value } from '@tributary/connector-sdk/results';
import type { ErrorOrigin, SqlDriver, SqlStatement } from '@tributary/connector-sdk/sql';
import type { StandardTable } from '../../src/fixtures/standard-tables.js';
import { type DuckdbServer, ServerError } from './duckdb-server.js';

/** How a driver may go wrong with a value. */
export type SpoilValue = (value: Value, type: DataType) => Value;

/** The reference server's client. */
export class DuckdbDriver implements SqlDriver {
  readonly #server: DuckdbServer;
  readonly #password: string;
  readonly #tables: readonly StandardTable[];
  readonly #spoil: SpoilValue;

  constructor(
    server: DuckdbServer,
    password: string,
    tables: readonly StandardTable[],
    spoil: SpoilValue = (value) => value,
  ) {
    this.#server = server;
    this.#password = password;
    this.#tables = tables;
    this.#spoil = spoil;
  }

  async listTables(ctx: CallContext): Promise<readonly RemoteTableName[]> {
    const names = await this.#texts('SELECT table_name FROM duckdb_tables() ORDER BY 1', [], ctx);
    return names.map((name) => ({ name, kind: 'table' }));
  }

  async describeTable(path: readonly string[], ctx: CallContext): Promise<RemoteTableSchema | undefined> {
    const name = path.at(-1) ?? '';
    const sql = 'SELECT column_name FROM duckdb_columns() WHERE table_name = $1 ORDER BY column_index';
    const columns = await this.#texts(sql, [name], ctx);
    const fixture = this.#tables.find((table) => table.name === name);
    if (fixture === undefined || columns.length === 0) return undefined;
    return {
      table: { name, kind: 'table' },
      columns: fixture.columns
        .filter((column) => columns.includes(column.name))
        .map(({ name: column, type, nullable }) => ({
          name: column,
          type,
          nativeType: type.id,
          nullable,
          comparison: 'ordered',
        })),
      primaryKey: ['id'],
      uniqueKeys: [],
      indexes: [],
      version: columns.join(),
    };
  }

  async tableStatistics({ table }: RemoteTableSchema): ReturnType<SqlDriver['tableStatistics']> {
    const fixture = this.#tables.find(({ name }) => name === table.name);
    const id = { min: '0', max: String((fixture?.rowCount ?? 1) - 1), exactBounds: true };
    return fixture && { rows: fixture.rowCount, columns: new Map([['id', id]]), origin: 'source' };
  }

  async run(statement: SqlStatement, { signal }: CallContext): Promise<Answer> {
    const values = statement.values.map((value) => (value.kind === 'keys' ? value.values : value.value));
    const rows = this.#server.query(this.#password, statement.sql, values, signal);
    return { kind: 'rows', rows: this.#rows(rows, statement) };
  }

  async checkHealth(ctx: CallContext): Promise<SourceHealth> {
    const [version = ''] = await this.#texts('SELECT version()', [], ctx);
    return { healthy: true, version: `DuckDB ${version}`, findings: [] };
  }

  async close(): Promise<void> {
    // Every statement has a connection of its own.
  }

  async *#rows(
    chunks: AsyncIterable<readonly (readonly DuckDBValue[])[]>,
    { columns }: SqlStatement,
  ): AsyncGenerator<readonly Row[], void, undefined> {
    for await (const rows of chunks) {
      yield rows.map((row) => columns.map(({ type }, i) => this.#spoil(valueOf(row[i] ?? null), type)));
    }
  }

  async #texts(sql: string, values: readonly string[], { signal }: CallContext): Promise<readonly string[]> {
    const texts: string[] = [];
    for await (const rows of this.#server.query(this.#password, sql, values, signal)) {
      texts.push(...rows.map(([value]) => String(value)));
    }
    return texts;
  }
}

function valueOf(value: DuckDBValue): Value {
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof DuckDBBlobValue) return value.bytes;
  return value instanceof DuckDBListValue ? value.items.map(valueOf) : String(value);
}

const codes = {
  authentication: 'SOURCE.AUTHENTICATION',
  connection: 'SOURCE.UNREACHABLE',
  missing: 'SOURCE.MISSING_OBJECT',
  failed: 'SOURCE.QUERY_FAILED',
} as const;

export function classify(error: unknown, { sourceId, object }: ErrorOrigin): TributaryError {
  const code = error instanceof ServerError ? codes[error.kind] : 'SOURCE.QUERY_FAILED';
  const message = `The server of ${sourceId} says: ${error instanceof Error ? error.message : String(error)}`;
  return new TributaryError(code, {
    message,
    sourceId,
    cause: error,
    ...(object !== undefined && { object }),
  });
}
