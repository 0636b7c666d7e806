export type { ErrorOrigin } from '../errors/error-origin.js';
export { createSqlSource } from './create-sql-source.js';
export { type DescribedTable, DescribedTables } from './described-tables.js';
export type { HasValue } from './existing-keys.js';
export { FreshIds } from './fresh-ids.js';
export { type ReadForm, withReadForms } from './read-forms.js';
export { countedColumns, relationOf, tablesOf } from './relation-of.js';
export type { SqlDriver, SqlStatement, StatementValue } from './sql-driver.js';
export type { SqlSourceOptions } from './sql-source-options.js';
