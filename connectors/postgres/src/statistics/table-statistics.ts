import type { CallContext, ColumnStatistics, TableStatistics } from '@tributary/contract/source';
import type { DataType } from '@tributary/contract/plan';
import type { DescribedTable } from '../discovery/describe-table.js';
import type { RelationKind } from '../discovery/list-tables.js';
import { quoteIdentifier } from '../dialect/quote.js';
import type { Connections } from '../execute/connections.js';
import { parseArrayText } from '../types/array-text.js';
import { fromPostgresText } from '../types/value-text.js';
import { statisticsSql } from './statistics-sql.js';

interface ColumnRow {
  readonly name: string;
  readonly nullFraction: number;
  readonly width: number;
  /** Negative: minus the share of rows that are distinct (pg_stats.n_distinct). */
  readonly distinct: number;
  readonly values: string | null;
  readonly fractions: readonly number[] | null;
  readonly histogram: string | null;
  readonly correlation: number | null;
}

interface StatisticsRow {
  readonly kind: RelationKind;
  readonly rows: number | null;
  readonly bytes: number | null;
  readonly columns: readonly ColumnRow[];
}

export async function measureTable(
  connections: Connections,
  table: DescribedTable,
  context: CallContext,
): Promise<TableStatistics | undefined> {
  const { schema, name } = table.schema.table;
  const [row] = await connections.rows<StatisticsRow>(statisticsSql, [schema ?? null, name], context.signal);
  if (row === undefined) return undefined;
  const rows =
    row.kind === 'v' || row.kind === 'f' ? await plannedRows(connections, table, context) : row.rows;
  if (rows === null) return undefined;
  const types = new Map(table.schema.columns.map((column) => [column.name, column.type]));
  return {
    rows: Math.round(rows),
    ...(row.bytes !== null && { bytes: row.bytes }),
    columns: new Map(
      row.columns.flatMap((column) => {
        const type = types.get(column.name);
        return type === undefined ? [] : [[column.name, columnStatistics(column, type, rows)]];
      }),
    ),
    origin: 'source',
  };
}

interface ExplainRow {
  readonly 'QUERY PLAN': readonly [{ readonly Plan: { readonly 'Plan Rows': number } }];
}

/** A view has no figures of its own, but the server's planner has an opinion. */
async function plannedRows(
  connections: Connections,
  table: DescribedTable,
  context: CallContext,
): Promise<number | null> {
  const { schema, name } = table.schema.table;
  const target = [schema, name]
    .flatMap((part) => (part === undefined ? [] : [quoteIdentifier(part)]))
    .join('.');
  const [row] = await connections.rows<ExplainRow>(
    `EXPLAIN (FORMAT JSON) SELECT * FROM ${target}`,
    [],
    context.signal,
    `${schema}.${name}`,
  );
  return row?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? null;
}

function columnStatistics(row: ColumnRow, type: DataType, rows: number): ColumnStatistics {
  const values = list(row.values, type);
  const histogram = list(row.histogram, type);
  const fractions = row.fractions ?? [];
  const bounds = boundsOf(histogram, values, type);
  return {
    nullFraction: row.nullFraction,
    averageBytes: row.width,
    ...(row.distinct !== 0 && { distinct: distinctOf(row.distinct, rows) }),
    ...(values.length > 0 && {
      mostCommon: values.map((value, i) => ({ value, fraction: fractions[i] ?? 0 })),
    }),
    ...(histogram.length > 0 && { histogram }),
    ...bounds,
    ...(row.correlation !== null && { correlation: row.correlation }),
  };
}

function distinctOf(figure: number, rows: number): number {
  return Math.max(1, Math.round(figure > 0 ? figure : -figure * rows));
}

/** All values or none: a list with holes would shift the shares and the quantiles. */
function list(text: string | null, type: DataType): readonly string[] {
  if (text === null) return [];
  const values: string[] = [];
  for (const element of parseArrayText(text)) {
    const value = element === null ? undefined : fromPostgresText(type, element);
    if (value === undefined) return [];
    values.push(value);
  }
  return values;
}

/** The sample's bounds. The histogram leaves the most common values out, so both count; only where order is ours too. */
function boundsOf(
  histogram: readonly string[],
  mostCommon: readonly string[],
  type: DataType,
): Pick<ColumnStatistics, 'min' | 'max' | 'exactBounds'> {
  const values = [...histogram, ...mostCommon];
  const order = ascending(type);
  const [first, ...rest] = values;
  if (first === undefined || order === undefined || !values.every(isPlain)) return {};
  let min = first;
  let max = first;
  for (const value of rest) {
    if (order(value, min) < 0) min = value;
    if (order(value, max) > 0) max = value;
  }
  return { min, max, exactBounds: false };
}

/** A number, or a date of the years 0 to 9999: no NaN, no infinity, nothing that sorts otherwise than its text. */
function isPlain(value: string): boolean {
  return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value) || /^\d{4}-/.test(value);
}

function ascending(type: DataType): ((a: string, b: string) => number) | undefined {
  switch (type.id) {
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'uinteger':
    case 'decimal':
    case 'float':
    case 'double':
      return (a, b) => Number(a) - Number(b);
    case 'date':
    case 'timestamp':
      // ISO text of four-digit years sorts as time does.
      return (a, b) => (a < b ? -1 : Number(a > b));
    default:
      return undefined;
  }
}
