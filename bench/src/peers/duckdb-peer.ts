import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { pythonPackage } from './python-package.js';

const version = '1.5.5';

/** DuckDB with its own postgres extension: what one would use without us. */
export class DuckdbPeer implements AsyncDisposable {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  /** The database of `url` is attached as `pg`. */
  static async open(url: string): Promise<DuckdbPeer> {
    const folder = await pythonPackage('duckdb-extension-postgres-scanner', version);
    const path = join('duckdb_extension_postgres_scanner', 'extensions', `v${version}`);
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run(`LOAD '${join(folder, path, 'postgres_scanner.duckdb_extension')}'`);
    await connection.run(`ATTACH '${url}' AS pg (TYPE postgres, READ_ONLY)`);
    return new DuckdbPeer(instance, connection);
  }

  /** Without PostgreSQL, for making files. */
  static async inMemory(): Promise<DuckdbPeer> {
    const instance = await DuckDBInstance.create(':memory:');
    return new DuckdbPeer(instance, await instance.connect());
  }

  async run(sql: string): Promise<void> {
    await this.#connection.run(sql);
  }

  /** Reads the whole answer in DuckDB's own chunks; returns its row count. */
  async count(sql: string): Promise<number> {
    const result = await this.#connection.stream(sql);
    let rows = 0;
    for (
      let chunk = await result.fetchChunk();
      chunk !== null && chunk.rowCount > 0;
      chunk = await result.fetchChunk()
    ) {
      rows += chunk.rowCount;
    }
    return rows;
  }

  /** The first row as text. */
  async firstRow(sql: string): Promise<string> {
    const reader = await this.#connection.runAndReadAll(sql);
    return (reader.getRows()[0] ?? []).map(String).join(', ');
  }

  /** Writes an answer to a Parquet file. */
  async write(sql: string, file: string): Promise<void> {
    await mkdir(dirname(file), { recursive: true });
    await this.#connection.run(`COPY (${sql}) TO '${file}' (FORMAT parquet)`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}
