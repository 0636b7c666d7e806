export * from './expr.js';
export * from './rel.js';
export * from './types.js';
export * from './walk.js';
