import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { tpchTables, type TpchTable } from './tables.js';
import type { TpchLoad } from './tpch-load.js';

export async function loadIntoClickhouse({ url, parquet, tables, schema }: TpchLoad): Promise<void> {
  const database = schema ?? decodeURIComponent(url.pathname.slice(1));
  const server = createClient({ url: withDatabase(url, 'default') });
  try {
    await server.command({ query: `CREATE DATABASE IF NOT EXISTS ${identifier(database)}` });
  } finally {
    await server.close();
  }
  const client = createClient({ url: withDatabase(url, database), ...patient });
  try {
    for (const table of tables) await loadTable(client, table, join(parquet, `${table}.parquet`));
  } finally {
    await client.close();
  }
}

/** Scale 1 takes longer than the client's usual 30 s; the headers tell it that the server is still at it. */
const patient = {
  request_timeout: 600_000,
  clickhouse_settings: { send_progress_in_http_headers: 1, http_headers_progress_interval_ms: '10000' },
} as const;

async function loadTable(client: ClickHouseClient, table: TpchTable, file: string): Promise<void> {
  const { columns, primaryKey } = tpchTables[table];
  // ClickHouse takes the standard's names for types: bigint is Int64, varchar(n) String, numeric Decimal, date Date.
  await client.command({
    query: `CREATE TABLE ${table} (${columns}) ENGINE = MergeTree ORDER BY (${primaryKey})`,
  });
  await client.insert({
    table,
    values: createReadStream(file, { highWaterMark: 1 << 20 }),
    format: 'Parquet',
  });
  // Merged parts, so that no merge runs into a measurement later.
  await client.command({ query: `OPTIMIZE TABLE ${table} FINAL` });
}

function withDatabase(url: URL, database: string): URL {
  const copy = new URL(url);
  copy.pathname = `/${encodeURIComponent(database)}`;
  return copy;
}

function identifier(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
}
