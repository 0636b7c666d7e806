export type { GcsOptions } from './gcs-options.js';
export { gcsStores } from './gcs-stores.js';
