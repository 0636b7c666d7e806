import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  compareRows,
  loadTpch,
  openPlainDuckDB,
  startPostgres,
  tpchParquet,
  tpchQuery,
  tpchQueryNumbers,
  tpchTableNames,
  type PlainDuckDB,
  type PostgresServer,
} from '@tributary/testbed';

const rowCounts = {
  region: 5,
  nation: 25,
  supplier: 100,
  customer: 1500,
  part: 2000,
  partsupp: 8000,
  orders: 15_000,
  lineitem: 60_175,
} as const;

describe('TPC-H at scale factor 0.01', () => {
  let server: PostgresServer;
  let duckdb: PlainDuckDB;
  let client: Client;

  beforeAll(async () => {
    server = await startPostgres();
    duckdb = await openPlainDuckDB(await tpchParquet(0.01));
    await loadTpch(server.url);
    client = new Client(server.url);
    await client.connect();
  });

  afterAll(async () => {
    await client.end();
    await duckdb[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  it.each(tpchTableNames)('%s is the same in PostgreSQL, in DuckDB, and to hyparquet', async (table) => {
    const inPostgres = await client.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
    const inDuckDB = await duckdb.query(`SELECT count(*) FROM ${table}`);
    const bytes = await readFile(join(await tpchParquet(0.01), `${table}.parquet`));
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    const objects = await parquetReadObjects({ file, compressors });
    expect(inPostgres.rows[0]?.n).toBe(rowCounts[table]);
    expect(inDuckDB.rows).toEqual([[String(rowCounts[table])]]);
    expect(objects).toHaveLength(rowCounts[table]);
  });

  it('has statistics and indexes', async () => {
    const analysed = await client.query(
      `SELECT DISTINCT tablename FROM pg_stats WHERE schemaname = 'public'`,
    );
    const indexes = await client.query(`SELECT indexname FROM pg_indexes WHERE schemaname = 'public'`);
    expect(analysed.rowCount).toBe(8);
    expect(indexes.rowCount).toBe(17);
  });

  it.each(tpchQueryNumbers)('query %i runs in the oracle, twice with the same answer', async (number) => {
    const sql = await tpchQuery(number);
    const [first, second] = [await duckdb.query(sql), await duckdb.query(sql)];
    expect(first.columns.length).toBeGreaterThan(0);
    expect(compareRows(first.rows, second.rows)).toBeUndefined();
  });
});
