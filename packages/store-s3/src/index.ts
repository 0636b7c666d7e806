export type { S3Options } from './s3-options.js';
export { s3Stores } from './s3-stores.js';
