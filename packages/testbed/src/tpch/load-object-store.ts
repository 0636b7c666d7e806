import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectStore } from '../object-store.js';
import type { TpchLoad } from './tpch-load.js';

/** Each table is one Parquet file, under the folder that a database's schema would be. */
export async function loadIntoObjectStore(
  store: ObjectStore,
  { parquet, tables, schema = 'tpch' }: Omit<TpchLoad, 'url'>,
): Promise<void> {
  for (const table of tables) {
    const file = `${table}.parquet`;
    await store.putObject(`${schema}/${file}`, await readFile(join(parquet, file)));
  }
}
