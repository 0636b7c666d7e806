import { resolve } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type {
  RemoteTableName,
  RemoteTableSchema,
  SourceHealth,
  TableStatistics,
} from '@tributary/connector-sdk';
import type { Row, RowsAnswer } from '@tributary/connector-sdk/results';
import type { SqlDriver, SqlStatement, StatementValue } from '@tributary/connector-sdk/sql';
import { describeTable, listTables } from './tables.ts';

/** Rows that are read before other work of the process has its turn. */
const rowsPerTurn = 500;

/** The database's catalogue and its wire. */
export class Database implements SqlDriver {
  readonly path: string;
  #database: DatabaseSync | undefined;

  constructor(file: string) {
    this.path = resolve(file);
  }

  async listTables(): Promise<readonly RemoteTableName[]> {
    return listTables(this.#open());
  }

  async describeTable(path: readonly string[]): Promise<RemoteTableSchema | undefined> {
    return describeTable(this.#open(), path);
  }

  /** SQLite counts rows in ANALYZE only. */
  async tableStatistics({ table }: RemoteTableSchema): Promise<TableStatistics | undefined> {
    const database = this.#open();
    const analyzed = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'").get();
    if (analyzed === undefined) return undefined;
    const row = database.prepare('SELECT stat FROM sqlite_stat1 WHERE tbl = ? LIMIT 1').get(table.name);
    const rows = Number.parseInt(String(row?.['stat']), 10);
    return Number.isNaN(rows) ? undefined : { rows, columns: new Map(), origin: 'source' };
  }

  async run(
    { sql, values, columns }: SqlStatement,
    { signal }: { readonly signal: AbortSignal },
  ): Promise<RowsAnswer> {
    const statement = this.#open().prepare(sql);
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    return { kind: 'rows', rows: rowsOf(statement, values.map(boundValue), columns, signal) };
  }

  async checkHealth(): Promise<SourceHealth> {
    const started = performance.now();
    const row = this.#open().prepare('SELECT sqlite_version() AS version').get();
    return {
      healthy: true,
      version: `SQLite ${String(row?.['version'])}`,
      latencyMs: performance.now() - started,
      findings: [],
    };
  }

  async close(): Promise<void> {
    this.#database?.close();
    this.#database = undefined;
  }

  #open(): DatabaseSync {
    this.#database ??= new DatabaseSync(this.path, { readOnly: true });
    return this.#database;
  }
}

/** A statement ends when its reader leaves the loop, or when `signal` fires. */
async function* rowsOf(
  statement: StatementSync,
  values: readonly SQLInputValue[],
  columns: SqlStatement['columns'],
  signal: AbortSignal,
): AsyncGenerator<readonly Row[]> {
  // A comparison yields 1 or 0.
  const booleans = columns.map(({ type }) => type.id === 'boolean');
  let rows: Row[] = [];
  for (const row of statement.iterate(...values)) {
    rows.push(
      Object.values(row).map((value, i) => (booleans[i] === true && value !== null ? value === 1n : value)),
    );
    if (rows.length < rowsPerTurn) continue;
    yield rows;
    rows = [];
    await nextTurn();
    signal.throwIfAborted();
  }
  if (rows.length > 0) yield rows;
}

function boundValue(value: StatementValue): SQLInputValue {
  if (value.kind === 'keys') return `[${value.values.map((key) => jsonOf(key, value.type.id)).join(',')}]`;
  if (value.value === null) return null;
  if (value.type.id === 'bigint' || value.type.id === 'integer') return BigInt(value.value);
  return value.type.id === 'double' ? Number(value.value) : value.value;
}

/** A key as JSON: integers keep all of their 64 bits. */
function jsonOf(key: string, type: StatementValue['type']['id']): string {
  return type === 'bigint' ? key : JSON.stringify(key);
}
