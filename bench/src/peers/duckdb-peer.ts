import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { pythonPackage } from './python-package.js';

const version = '1.5.5';

/** The extensions that read a database, by the URL's protocol. */
const scanners = {
  'postgres:': { type: 'postgres', target: (url: URL) => url.href },
  'mysql:': {
    type: 'mysql',
    target: ({ hostname, port, username, password, pathname }: URL) =>
      `host=${hostname} port=${port} user=${username} passwd=${password} db=${pathname.slice(1)}`,
  },
} as const;

/** DuckDB with its own extension for the database: what one would use without us. */
export class DuckdbPeer implements AsyncDisposable {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  /** The database of `url` (`postgres:` or `mysql:`) is attached as `remote`. */
  static async open(url: string): Promise<DuckdbPeer> {
    const target = new URL(url);
    const scanner = target.protocol === 'mysql:' ? scanners['mysql:'] : scanners['postgres:'];
    const folder = await pythonPackage(`duckdb-extension-${scanner.type}-scanner`, version);
    const path = join(`duckdb_extension_${scanner.type}_scanner`, 'extensions', `v${version}`);
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run(`LOAD '${join(folder, path, `${scanner.type}_scanner.duckdb_extension`)}'`);
    await connection.run(`ATTACH '${scanner.target(target)}' AS remote (TYPE ${scanner.type}, READ_ONLY)`);
    return new DuckdbPeer(instance, connection);
  }

  /** Without a database, for making files. */
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

  /** All rows as text, one line each. */
  async answer(sql: string): Promise<string> {
    const reader = await this.#connection.runAndReadAll(sql);
    return reader
      .getRows()
      .map((row) => row.map(String).join(', '))
      .join('\n');
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
