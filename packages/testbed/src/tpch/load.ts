import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { tpchParquet } from './parquet.js';
import { tpchTableNames, tpchTables, type TpchTable } from './tables.js';

export interface LoadTpchOptions {
  /** Default 0.01, the committed one. */
  readonly scale?: number;
  /** Default all eight. */
  readonly tables?: readonly TpchTable[];
  /** Default `public`; created if it is not there. */
  readonly schema?: string;
}

/**
 * Fills a PostgreSQL database with TPC-H: tables, primary keys, indexes on the foreign keys, ANALYZE.
 *
 * @param url connection URL of a user who may create tables
 */
export async function loadTpch(url: string, options: LoadTpchOptions = {}): Promise<void> {
  const { scale = 0.01, tables = tpchTableNames, schema = 'public' } = options;
  const parquet = await tpchParquet(scale);
  const directory = await mkdtemp(join(tmpdir(), 'tributary-tpch-'));
  const client = new Client(url);
  const duckdb = await DuckDBInstance.create(':memory:');
  try {
    await client.connect();
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${client.escapeIdentifier(schema)}`);
    await client.query(`SET search_path TO ${client.escapeIdentifier(schema)}`);
    const connection = await duckdb.connect();
    for (const table of tables) {
      const csv = join(directory, `${table}.csv`);
      await connection.run(`COPY (FROM '${join(parquet, `${table}.parquet`)}') TO '${csv}' (HEADER false)`);
      await loadTable(client, table, csv);
      await rm(csv);
    }
    connection.closeSync();
  } finally {
    duckdb.closeSync();
    await client.end();
    await rm(directory, { recursive: true, force: true });
  }
}

async function loadTable(client: Client, table: TpchTable, csv: string): Promise<void> {
  const { columns, primaryKey, indexes } = tpchTables[table];
  // Created and filled in one transaction: FREEZE spares the vacuum that index-only scans would wait for.
  await client.query('BEGIN');
  await client.query(`CREATE TABLE ${table} (${columns})`);
  await pipeline(
    createReadStream(csv, { highWaterMark: 1 << 20 }),
    client.query(copyFrom(`COPY ${table} FROM STDIN (FORMAT csv, FREEZE)`)),
  );
  await client.query(`ALTER TABLE ${table} ADD PRIMARY KEY (${primaryKey})`);
  for (const index of indexes) await client.query(`CREATE INDEX ON ${table} (${index})`);
  await client.query('COMMIT');
  await client.query(`ANALYZE ${table}`);
}
