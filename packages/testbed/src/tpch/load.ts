import type { ObjectStore } from '../object-store.js';
import { loadIntoClickhouse } from './load-clickhouse.js';
import { loadIntoMysql } from './load-mysql.js';
import { loadIntoObjectStore } from './load-object-store.js';
import { loadIntoPostgres } from './load-postgres.js';
import { tpchParquet } from './parquet.js';
import { tpchTableNames, type TpchTable } from './tables.js';

export interface LoadTpchOptions {
  /** Default 0.01, the committed one. */
  readonly scale?: number;
  /** Default all eight. */
  readonly tables?: readonly TpchTable[];
  /**
   * The schema in PostgreSQL (default `public`), the database in MySQL, MariaDB and ClickHouse (default the URL's), the
   * folder in an object store (default `tpch`); created if it is not there.
   */
  readonly schema?: string;
}

/**
 * Fills a database with TPC-H: tables, primary keys, indexes on the foreign keys, fresh statistics. An object store gets
 * each table as a Parquet file.
 *
 * @param target connection URL (`postgres:`, `mysql:`, or `http:` for ClickHouse) of a user who may create tables, or a
 * store
 */
export async function loadTpch(target: string | ObjectStore, options: LoadTpchOptions = {}): Promise<void> {
  const { scale = 0.01, tables = tpchTableNames, ...rest } = options;
  const data = { parquet: await tpchParquet(scale), tables, ...rest };
  if (typeof target !== 'string') return loadIntoObjectStore(target, data);
  const load = { ...data, url: new URL(target) };
  switch (load.url.protocol) {
    case 'postgres:':
    case 'postgresql:':
      return loadIntoPostgres(load);
    case 'mysql:':
      return loadIntoMysql(load);
    case 'http:':
    case 'https:':
      return loadIntoClickhouse(load);
    default:
      throw new Error(`TPC-H cannot be loaded into ${load.url.protocol}//…`);
  }
}
