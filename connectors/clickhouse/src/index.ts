export { clickhouse, clickhouse as clickhouseConnector, createClickhouseSource } from './connector.js';
export { clickhouseDialect } from './dialect/clickhouse-dialect.js';
export type { ClickhouseOptionsInput } from './options.js';
