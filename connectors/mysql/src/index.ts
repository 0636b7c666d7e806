export { createMySqlSource, mysql } from './connector.js';
export type { MySqlOptions, MySqlOptionsInput } from './options.js';
export type { MySqlSource } from './source.js';
