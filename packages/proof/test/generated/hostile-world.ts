import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLakeSource } from '@tributary/connector-duckdb-s3';
import { createPostgresSource } from '@tributary/connector-postgres';
import {
  type GeneratorWorld,
  type HostileRow,
  duckdbConstant,
  hostileColumns,
  hostileRows,
} from '@tributary/connector-testkit/generate';
import { type IFederatedDataSource, typeName } from '@tributary/contract';
import { type Engine, createEngine } from '@tributary/core';
import { type PlainDuckDB, type PostgresServer, openPlainDuckDB, startPostgres } from '@tributary/testbed';
import { Client } from 'pg';
import { postgresConstant, postgresType } from './postgres-columns.js';

/** `p…` stand in PostgreSQL, `l…` are Parquet files. `pa` and `la` hold the same rows. */
const hostileTables = ['pa', 'la', 'pb', 'lb'] as const;

/** Half of the statements read PostgreSQL alone, so that all of it may run there. */
export const hostileStatements: GeneratorWorld = {
  tableSets: [hostileTables, ['pa', 'pb']],
  columns: ['id', ...hostileColumns.map(({ name }) => name)],
};

const rowsPerTable = 48;
const seeds = { pa: 1, la: 1, pb: 2, lb: 3 } as const;

/** Tables of hostile values in PostgreSQL, in Parquet and in a plain DuckDB, and an engine over the first two. */
export class HostileWorld implements AsyncDisposable {
  readonly engine: Engine;
  readonly duckdb: PlainDuckDB;
  readonly server: PostgresServer;
  readonly #folder: string;

  private constructor(engine: Engine, duckdb: PlainDuckDB, server: PostgresServer, folder: string) {
    this.engine = engine;
    this.duckdb = duckdb;
    this.server = server;
    this.#folder = folder;
  }

  static async open(): Promise<HostileWorld> {
    const folder = await mkdtemp(join(tmpdir(), 'tributary-proof-'));
    const server = await startPostgres();
    const duckdb = await openPlainDuckDB();
    const client = new Client(server.url);
    await client.connect();
    for (const table of hostileTables) {
      const rows = hostileRows(seeds[table], rowsPerTable, hostileColumns);
      await fillDuckDB(duckdb, table, rows);
      if (table.startsWith('p')) await fillPostgres(client, table, rows);
      else await moveToParquet(duckdb, table, join(folder, `${table}.parquet`));
    }
    await client.end();
    return new HostileWorld(await openEngine(server, folder), duckdb, server, folder);
  }

  /** Another engine over the same data, PostgreSQL seen through something. */
  engineOver(change: (source: IFederatedDataSource) => IFederatedDataSource): Promise<Engine> {
    return openEngine(this.server, this.#folder, change);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.engine.close();
    await this.duckdb[Symbol.asyncDispose]();
    await this.server[Symbol.asyncDispose]();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function openEngine(
  { url }: PostgresServer,
  folder: string,
  change: (source: IFederatedDataSource) => IFederatedDataSource = (source) => source,
): Promise<Engine> {
  // A line so slow that whatever can run in the server should.
  const shop = createPostgresSource('shop', { url, bandwidthMbps: 0.001 });
  return createEngine({ sources: [change(shop), createLakeSource('lake', { root: folder })] });
}

async function fillDuckDB(duckdb: PlainDuckDB, table: string, rows: readonly HostileRow[]): Promise<void> {
  const columns = hostileColumns.map(({ name, type }) => `"${name}" ${typeName(type)}`);
  await duckdb.run(`CREATE TABLE ${table} (id BIGINT NOT NULL, ${columns.join(', ')})`);
  await duckdb.run(`INSERT INTO ${table} VALUES ${rowTexts(rows, duckdbConstant)}`);
}

/** The oracle keeps what the file holds: DuckDB's writer makes intervals that compare equal (a month, 30 days) the same. */
async function moveToParquet(duckdb: PlainDuckDB, table: string, path: string): Promise<void> {
  await duckdb.run(`COPY ${table} TO '${path}'`);
  await duckdb.run(`CREATE OR REPLACE TABLE ${table} AS FROM read_parquet('${path}')`);
}

async function fillPostgres(client: Client, table: string, rows: readonly HostileRow[]): Promise<void> {
  const columns = hostileColumns.map(({ name, type }) => `"${name}" ${postgresType(type)}`);
  await client.query(`CREATE TABLE ${table} (id bigint PRIMARY KEY, ${columns.join(', ')})`);
  await client.query(`INSERT INTO ${table} VALUES ${rowTexts(rows, postgresConstant)}`);
  await client.query(`CREATE INDEX ON ${table} (k)`);
  await client.query(`ANALYZE ${table}`);
}

function rowTexts(rows: readonly HostileRow[], constant: typeof duckdbConstant): string {
  return rows
    .map(
      (row, id) =>
        `(${[String(id), ...hostileColumns.map((column, i) => constant(column.type, row[i] ?? null))].join(', ')})`,
    )
    .join(', ');
}
