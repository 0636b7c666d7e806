import { TributaryError } from '@tributary/contract';
import type { SpoolFile } from './spool-writer.js';

/** The DuckDB SELECT that reads spool files of the same columns, with the columns' names and exact types. */
export function spoolSelect(files: readonly SpoolFile[]): string {
  const [first] = files;
  if (first === undefined) throw new TributaryError('ENGINE.INTERNAL', { message: 'No spool file to read.' });
  const columns = first.columns.map(({ name, readExpression }) => `${readExpression} AS ${quoteName(name)}`);
  const paths = files.map(({ path }) => `'${path.replaceAll("'", "''")}'`);
  return `SELECT ${columns.join(', ')} FROM read_parquet([${paths.join(', ')}], hive_partitioning = false)`;
}

function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
