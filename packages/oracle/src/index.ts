export { arrowRows } from './compare/arrow-cells.js';
export type { Cell, Row } from './compare/cell.js';
export { compareRows, floatTolerance, type CompareOptions } from './compare/compare-rows.js';
export { duckDBCell } from './compare/duckdb-cells.js';
export { openPlainDuckDB, type OracleResult, type PlainDuckDB } from './plain-duckdb.js';
