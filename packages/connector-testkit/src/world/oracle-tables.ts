import { typeName } from '@tributary/connector-sdk';
import type { PlainDuckDB } from '@tributary/oracle';
import type { StandardTable } from '../fixtures/standard-tables.js';
import { duckdbConstant, quoteText } from '../generate/hostile-columns.js';
import { quoteName } from './sql-name.js';

const rowsPerInsert = 5000;

/** Fills plain DuckDB with a fixture table under the name that statements use. */
export async function fillOracle(
  duckdb: Pick<PlainDuckDB, 'run'>,
  table: StandardTable,
  name: string,
  typeOf: 'type' | 'readAs',
): Promise<void> {
  const columns = table.columns.map((column) => `${quoteName(column.name)} ${typeName(column[typeOf])}`);
  await duckdb.run(`CREATE TABLE ${name} (${columns.join(', ')})`);
  if (table.duckdbSelect !== undefined) {
    await duckdb.run(`INSERT INTO ${name} ${table.duckdbSelect}`);
    return;
  }
  let rows: string[] = [];
  const flush = async (): Promise<void> => {
    if (rows.length > 0) await duckdb.run(`INSERT INTO ${name} VALUES ${rows.join(', ')}`);
    rows = [];
  };
  for (const row of table.rows()) {
    const values = table.columns.map((column, i) => duckdbConstant(column[typeOf], row[i] ?? null));
    rows.push(`(${values.join(', ')})`);
    if (rows.length >= rowsPerInsert) await flush();
  }
  await flush();
}

/** The same through a Parquet file that stays; the oracle has what the file holds. */
export async function fillAsParquet(
  duckdb: Pick<PlainDuckDB, 'run'>,
  table: StandardTable,
  name: string,
  path: string,
): Promise<void> {
  await fillOracle(duckdb, table, name, 'type');
  // DuckDB 1.5.5 looks for a BLOB in a Bloom filter by another hash than it has put it in with.
  await duckdb.run(`COPY ${name} TO ${quoteText(path)} (FORMAT parquet, WRITE_BLOOM_FILTER false)`);
  await duckdb.run(`CREATE OR REPLACE TABLE ${name} AS FROM read_parquet(${quoteText(path)})`);
}
