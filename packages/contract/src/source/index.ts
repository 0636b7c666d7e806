export * from './connector.js';
export * from './context.js';
export * from './data-source.js';
export * from './info.js';
export { secretsIn } from './option-secrets.js';
export * from './parameters.js';
export * from './request.js';
export * from './result.js';
export * from './schema.js';
