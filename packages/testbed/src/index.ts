export {
  freePort,
  startPostgres,
  type PostgresOptions,
  type PostgresServer,
} from '@tributary/embedded-postgres';
export {
  arrowRows,
  type Cell,
  compareRows,
  type CompareOptions,
  duckDBCell,
  floatTolerance,
  openPlainDuckDB,
  type OracleResult,
  type PlainDuckDB,
  type Row,
} from '@tributary/oracle';
export { loadTpch, type LoadTpchOptions } from './tpch/load.js';
export { tpchParquet, tpchQuery, tpchQueryNumbers } from './tpch/parquet.js';
export { tpchTableNames, tpchTables, type TpchTable } from './tpch/tables.js';
