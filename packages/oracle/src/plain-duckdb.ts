import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection, type DuckDBValue } from '@duckdb/node-api';
import type { Row } from './compare/cell.js';
import { duckDBCell } from './compare/duckdb-cells.js';

export interface OracleResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly Row[];
}

/** DuckDB on its own, over a copy of the data: what a federated answer is held against. */
export interface PlainDuckDB extends AsyncDisposable {
  /** Runs statements whose result does not matter, e.g. to make more tables. */
  run(sql: string): Promise<void>;
  /** Runs one query; parameters are positional or by name, as in @duckdb/node-api. */
  query(sql: string, parameters?: DuckDBValue[] | Record<string, DuckDBValue>): Promise<OracleResult>;
}

/**
 * Opens an in-memory DuckDB in which every `<name>.parquet` of the folder is a view `name`.
 *
 * @param folder none: an empty database
 */
export async function openPlainDuckDB(folder?: string): Promise<PlainDuckDB> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`SET TimeZone = 'UTC'`);
  // It pushes a join's filter through a Top-N below it (1.5.5), in a race: an oracle must give the same rows every time.
  await connection.run(`SET disabled_optimizers = 'join_filter_pushdown'`);
  for (const file of folder === undefined ? [] : await readdir(folder)) {
    if (!file.endsWith('.parquet')) continue;
    const path = join(folder ?? '', file).replaceAll("'", "''");
    await connection.run(`CREATE VIEW "${basename(file, '.parquet')}" AS FROM read_parquet('${path}')`);
  }
  return new OpenDuckDB(instance, connection);
}

class OpenDuckDB implements PlainDuckDB {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  async run(sql: string): Promise<void> {
    await this.#connection.run(sql);
  }

  async query(sql: string, parameters?: DuckDBValue[] | Record<string, DuckDBValue>): Promise<OracleResult> {
    const result = await this.#connection.runAndReadAll(sql, parameters);
    const types = result.columnTypes();
    return {
      columns: result.columnNames().map((name, index) => ({ name, type: String(types[index]) })),
      rows: result.getRows().map((row) =>
        row.map((value, index) => {
          const type = types[index];
          if (type === undefined) throw new RangeError(`column ${index + 1} has no type`);
          return duckDBCell(value, type);
        }),
      ),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}
