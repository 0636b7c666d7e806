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
export type { AzuriteServer } from './azurite/azurite-server.js';
export { startAzurite } from './azurite/start-azurite.js';
export type { ClickhouseUser } from './clickhouse/configuration.js';
export { startClickhouse, type ClickhouseOptions } from './clickhouse/start-clickhouse.js';
export type { FakeGcsServer } from './gcs/fake-gcs-server.js';
export { startFakeGcs } from './gcs/start-fake-gcs.js';
export { startMariadb } from './mariadb/start-mariadb.js';
export type { MysqlOptions } from './mysql/mysql-family.js';
export { startMysql } from './mysql/start-mysql.js';
export type { ObjectStore, ObjectStoreOptions } from './object-store.js';
export type { S3Server } from './s3/s3-server.js';
export { startS3 } from './s3/start-s3.js';
export { startSeaweed } from './s3/start-seaweed.js';
export { runStatements } from './server/run-statements.js';
export type { TestServer } from './server/test-server.js';
export { CertificateAuthority, type KeyPair } from './tls/certificates.js';
export { TlsFront, type TlsFrontOptions } from './tls/tls-front.js';
export { loadTpch, type LoadTpchOptions } from './tpch/load.js';
export { tpchParquet, tpchQuery, tpchQueryNumbers } from './tpch/parquet.js';
export { tpchTableNames, tpchTables, type TpchTable } from './tpch/tables.js';
export { uploadFolder } from './upload-folder.js';
