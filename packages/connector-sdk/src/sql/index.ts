export type { ErrorOrigin } from '../errors/error-origin.js';
export { createSqlSource } from './create-sql-source.js';
export { canonicalPart, fieldFunctions } from './date-parts.js';
export { type DescribedTable, DescribedTables } from './described-tables.js';
export type { HasValue } from './existing-keys.js';
export { FreshIds } from './fresh-ids.js';
export {
  type FunctionRules,
  type RuleArguments,
  constantInteger,
  constantText,
  rule,
  functionTable,
  named,
} from './function-rules.js';
export { type ReadForm, withReadForms } from './read-forms.js';
export { countedColumns, relationOf, tablesOf } from './relation-of.js';
export type { SqlDriver, SqlStatement, StatementValue } from './sql-driver.js';
export type { SqlSourceOptions } from './sql-source-options.js';
