export { createPostgresSource, postgres, postgres as postgresConnector } from './connector.js';
export { postgresDialect } from './dialect/postgres-dialect.js';
export type { PostgresOptionsInput } from './options.js';
export { PostgresSource } from './source.js';
