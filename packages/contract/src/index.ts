export * from './errors/index.js';
export * from './plan/index.js';
export * from './render/index.js';
export * from './source/index.js';
