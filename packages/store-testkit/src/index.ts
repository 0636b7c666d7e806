export { behindProxy } from './proxy/behind-proxy.js';
export type { Fault } from './proxy/fault.js';
export { FaultyProxy } from './proxy/faulty-proxy.js';
export { azureProtocol, gcsProtocol, s3Protocol } from './proxy/store-protocol.js';
export { describeStore } from './store/describe-store.js';
export { describeStoreConnector, storeGaps } from './tables/describe-store-connector.js';
export { describeStoreTables } from './tables/describe-store-tables.js';
export { fileBytes } from './tables/file-bytes.js';
export { parquetFixtures, parquetGaps } from './tables/parquet-fixtures.js';
