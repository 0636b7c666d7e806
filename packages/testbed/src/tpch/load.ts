import { loadIntoClickhouse } from './load-clickhouse.js';
import { loadIntoMysql } from './load-mysql.js';
import { loadIntoPostgres } from './load-postgres.js';
import { tpchParquet } from './parquet.js';
import { tpchTableNames, type TpchTable } from './tables.js';

export interface LoadTpchOptions {
  /** Default 0.01, the committed one. */
  readonly scale?: number;
  /** Default all eight. */
  readonly tables?: readonly TpchTable[];
  /**
   * The schema in PostgreSQL (default `public`), the database in MySQL, MariaDB and ClickHouse (default the URL's);
   * created if it is not there.
   */
  readonly schema?: string;
}

/**
 * Fills a database with TPC-H: tables, primary keys, indexes on the foreign keys, fresh statistics.
 *
 * @param url connection URL (`postgres:`, `mysql:`, or `http:` for ClickHouse) of a user who may create tables
 */
export async function loadTpch(url: string, options: LoadTpchOptions = {}): Promise<void> {
  const { scale = 0.01, tables = tpchTableNames, ...rest } = options;
  const load = { url: new URL(url), parquet: await tpchParquet(scale), tables, ...rest };
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
