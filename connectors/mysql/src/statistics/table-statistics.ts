import type { CallContext, ColumnStatistics, TableStatistics } from '@tributary/connector-sdk';
import { numberOrNull, textOf, textOrNull } from '../discovery/catalogue.js';
import type { MySqlTable } from '../discovery/describe-table.js';
import type { Connections } from '../execute/connections.js';
import { serverErrorNumber } from '../errors/classify.js';
import { mariadbColumnStatistics } from './mariadb-column-statistics.js';
import { mysqlHistogram } from './mysql-histogram.js';

const tableSql = `
SELECT table_type AS kind, table_rows AS row_count, data_length AS bytes
FROM information_schema.tables WHERE table_schema = ? AND table_name = ?`;

/** Distinct values of the first column of each index: what InnoDB estimates from a sample of its pages. */
const cardinalitySql = `
SELECT column_name AS name, MAX(cardinality) AS distinct_values, MAX(sub_part IS NULL) AS is_whole
FROM information_schema.statistics
WHERE table_schema = ? AND table_name = ? AND seq_in_index = 1 AND column_name IS NOT NULL AND cardinality IS NOT NULL
GROUP BY column_name`;

const histogramSql = `
SELECT column_name AS name, CAST(histogram AS CHAR) AS histogram
FROM information_schema.column_statistics WHERE schema_name = ? AND table_name = ?`;

const mariadbColumnsSql = `
SELECT column_name AS name, min_value AS min_value, max_value AS max_value, nulls_ratio AS nulls_ratio,
  avg_length AS avg_length, avg_frequency AS avg_frequency
FROM mysql.column_stats WHERE db_name = ? AND table_name = ?`;

/** What the server knows of a table; undefined for views, of which it knows nothing without running them. */
export async function measureTable(
  connections: Connections,
  table: MySqlTable,
  { signal }: CallContext,
): Promise<TableStatistics | undefined> {
  const { schema = '', name } = table.schema.table;
  const of = [schema, name];
  const [row] = await connections.rows(tableSql, of, signal);
  const rows = row === undefined || textOf(row, 'kind') === 'VIEW' ? null : numberOrNull(row, 'row_count');
  if (row === undefined || rows === null) return undefined;
  const columns = new Map<string, ColumnStatistics>();
  for (const index of await connections.rows(cardinalitySql, of, signal)) {
    if (numberOrNull(index, 'is_whole') !== 1) continue;
    const distinct = Math.min(numberOrNull(index, 'distinct_values') ?? 0, rows);
    columns.set(textOf(index, 'name'), { distinct: Math.max(1, distinct) });
  }
  for (const [column, known] of await columnStatistics(connections, table, rows, signal)) {
    columns.set(column, { ...columns.get(column), ...known });
  }
  const bytes = numberOrNull(row, 'bytes');
  return { rows, ...(bytes !== null && { bytes }), columns, origin: 'source' };
}

async function columnStatistics(
  connections: Connections,
  table: MySqlTable,
  rows: number,
  signal: AbortSignal,
): Promise<readonly (readonly [string, ColumnStatistics])[]> {
  const { schema = '', name } = table.schema.table;
  const typeOf = (column: string): ReturnType<typeof table.columns.get> => table.columns.get(column);
  if (connections.product?.name === 'mariadb') {
    const found = await readable(connections, mariadbColumnsSql, [schema, name], signal);
    return found.flatMap((row) => {
      const column = typeOf(textOf(row, 'name'));
      return column === undefined
        ? []
        : [[column.native.name, mariadbColumnStatistics(row, column.mapped.type, rows)] as const];
    });
  }
  const found = await readable(connections, histogramSql, [schema, name], signal);
  return found.flatMap((row) => {
    const column = typeOf(textOf(row, 'name'));
    const text = textOrNull(row, 'histogram');
    return column === undefined || text === null
      ? []
      : [[column.native.name, mysqlHistogram(text, column.mapped.type)] as const];
  });
}

/** Rows of a table that not every user may read: none for those who may not. */
async function readable(
  connections: Connections,
  sql: string,
  values: readonly string[],
  signal: AbortSignal,
): ReturnType<Connections['rows']> {
  try {
    return await connections.rows(sql, values, signal);
  } catch (error) {
    if (serverErrorNumber(error) === undefined || signal.aborted) throw error;
    return [];
  }
}
