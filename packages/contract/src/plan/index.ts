export * from './expr.js';
export { fingerprint } from './fingerprint.js';
export * from './rel.js';
export * from './types.js';
export * from './walk.js';
