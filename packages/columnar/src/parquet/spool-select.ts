import { TributaryError } from '@tributary/contract';
import type { SpoolFile } from './spool-writer.js';

/** The DuckDB SELECT that reads spool files of the same columns, with the columns' names and exact types. */
export function spoolSelect(files: readonly SpoolFile[]): string {
  const [first] = files;
  if (first === undefined) throw new TributaryError('ENGINE.INTERNAL', { message: 'No spool file to read.' });
  const columns = first.columns.map(({ name, readExpression }) => `${readExpression} AS ${quoteName(name)}`);
  const paths = files.map(({ path }) => `'${path.replaceAll("'", "''")}'`);
  const options = ['hive_partitioning = false', ...rowCount(files)];
  return `SELECT ${columns.join(', ')} FROM read_parquet([${paths.join(', ')}], ${options.join(', ')})`;
}

/** Of a single file DuckDB knows it; the rows of several it guesses from their sizes. */
function rowCount(files: readonly SpoolFile[]): readonly string[] {
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  return files.length > 1 && rows > 0 ? [`explicit_cardinality = ${rows}`] : [];
}

function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
