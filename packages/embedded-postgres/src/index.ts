export { freePort } from './free-port.js';
export { startPostgres, type PostgresOptions, type PostgresServer } from './start-postgres.js';
export { watchOver } from './watchdog.js';
