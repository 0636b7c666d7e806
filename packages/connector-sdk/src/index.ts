export * from '@tributary/contract';
export type { Classify } from './errors/classified.js';
export type { ErrorOrigin } from './errors/error-origin.js';
export { httpError } from './errors/http-error.js';
export {
  type ErrorClass,
  classifyNetworkError,
  errorMessage,
  networkErrorClass,
  sourceError,
} from './errors/network-errors.js';
export { tlsFix } from './errors/tls-fix.js';
export { Permits } from './helpers/permits.js';
export { type RetryOptions, retry } from './helpers/retry.js';
export { SourcePermits } from './helpers/source-permits.js';
export { type TlsMaterial, tlsMaterialIssue } from './helpers/tls-material.js';
export { type StatisticsInput, tableStatistics } from './helpers/table-statistics.js';
