import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { eachTableAsCsv } from './csv.js';
import { tpchTables, type TpchTable } from './tables.js';
import type { TpchLoad } from './tpch-load.js';

export async function loadIntoPostgres({ url, parquet, tables, schema = 'public' }: TpchLoad): Promise<void> {
  const client = new Client(url.href);
  try {
    await client.connect();
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${client.escapeIdentifier(schema)}`);
    await client.query(`SET search_path TO ${client.escapeIdentifier(schema)}`);
    await eachTableAsCsv(parquet, tables, (table, csv) => loadTable(client, table, csv));
  } finally {
    await client.end();
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
