export {
  freePort,
  startPostgres,
  type PostgresOptions,
  type PostgresServer,
} from '@tributary/embedded-postgres';
export { arrowRows } from './compare/arrow-cells.js';
export type { Cell, Row } from './compare/cell.js';
export { compareRows, floatTolerance, type CompareOptions } from './compare/compare-rows.js';
export { duckDBCell } from './compare/duckdb-cells.js';
export { openPlainDuckDB, type OracleResult, type PlainDuckDB } from './oracle/plain-duckdb.js';
export { loadTpch, type LoadTpchOptions } from './tpch/load.js';
export { tpchParquet, tpchQuery, tpchQueryNumbers } from './tpch/parquet.js';
export { tpchTableNames, tpchTables, type TpchTable } from './tpch/tables.js';
