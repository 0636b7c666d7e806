import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { TpchTable } from './tables.js';

/** Calls back with each table as a CSV file without a header, one after the other; a file goes when its turn is over. */
export async function eachTableAsCsv(
  parquet: string,
  tables: readonly TpchTable[],
  use: (table: TpchTable, csv: string) => Promise<void>,
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'tributary-tpch-'));
  const duckdb = await DuckDBInstance.create(':memory:');
  try {
    const connection = await duckdb.connect();
    for (const table of tables) {
      const csv = join(directory, `${table}.csv`);
      await connection.run(`COPY (FROM '${join(parquet, `${table}.parquet`)}') TO '${csv}' (HEADER false)`);
      await use(table, csv);
      await rm(csv);
    }
    connection.closeSync();
  } finally {
    duckdb.closeSync();
    await rm(directory, { recursive: true, force: true });
  }
}
