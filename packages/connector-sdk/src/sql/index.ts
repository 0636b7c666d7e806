export type { SqlDriver, SqlStatement, StatementValue } from './sql-driver.js';
