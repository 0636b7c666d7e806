import type {
  CallContext,
  ColumnStatistics,
  DataType,
  RemoteColumn,
  RemoteTableSchema,
  TableStatistics,
} from '@tributary/connector-sdk';
import { isInteger } from '@tributary/connector-sdk';
import { quoteIdentifier } from '../dialect/quote.js';
import { isMissingGrant, isRefusedSetting } from '../errors/classify.js';
import type { Server } from '../execute/server.js';

interface SizeRow {
  readonly rows: number | null;
  readonly bytes: number | null;
}

const sizeSql = `
SELECT total_rows AS rows, total_bytes_uncompressed AS bytes
FROM system.tables WHERE database = {database:String} AND name = {table:String}`;

/** Small parts keep their columns in one file, whose shares nobody counts. */
const widthSql = `
SELECT column, sum(column_data_uncompressed_bytes) / sum(rows) AS width
FROM system.parts_columns
WHERE active AND part_type = 'Wide' AND rows > 0 AND database = {database:String} AND table = {table:String}
GROUP BY column`;

/** Rows that are looked at for distinct values: a few hundredths of a second of one core. */
const sampleRows = 1_000_000;
/** Columns beyond are left without figures. */
const mostColumns = 100;

/** Size from the server's own books; distinct values, NULLs and bounds from the rows that it reads first. */
export async function measureTable(
  server: Server,
  { table, columns }: RemoteTableSchema,
  { signal }: CallContext,
): Promise<TableStatistics | undefined> {
  const parameters = { database: table.schema ?? '', table: table.name };
  const [size] = await server.rows<SizeRow>({ sql: sizeSql, signal }, parameters);
  // Views, and engines that do not count.
  if (size === undefined || size.rows === null) return undefined;
  const widths = await server
    .rows<{ readonly column: string; readonly width: number }>({ sql: widthSql, signal }, parameters)
    .catch((error: unknown) => {
      // Where system tables need a grant, as ClickHouse comes, this is one of them.
      if (isMissingGrant(error)) return [];
      throw error;
    });
  // Small parts are compact: the books have no sizes of single columns of those, and say 0.
  const widthOf = new Map(widths.map(({ column, width }) => [column, width === 0 ? undefined : width]));
  const sampled = await sample(server, parameters, columns.slice(0, mostColumns), signal).catch(
    (error: unknown) => {
      // A user who may not have the sample cut short goes without it.
      if (isRefusedSetting(error)) return undefined;
      throw error;
    },
  );
  return {
    rows: size.rows,
    ...(size.bytes !== null && { bytes: size.bytes }),
    columns: new Map(
      columns.map((column, i) => {
        const width = widthOf.get(column.name);
        const figures = sampled === undefined ? {} : figuresOf(sampled, i, column.type, size.rows ?? 0);
        return [column.name, { ...figures, ...(width !== undefined && { averageBytes: width }) }];
      }),
    ),
    origin: 'source',
  };
}

type Sample = Readonly<Record<string, string | number | null>> & { readonly total: number };

/** Stops without an error where it has read enough: here a part is what is wanted. */
async function sample(
  server: Server,
  { database, table }: { readonly database: string; readonly table: string },
  columns: readonly RemoteColumn[],
  signal: AbortSignal,
): Promise<Sample | undefined> {
  const figures = columns.flatMap(({ name, type, comparison }, i) => {
    if (comparison === 'none') return [];
    const column = `t.${quoteIdentifier(name)}`;
    const bounds = hasBounds(type)
      ? [`toString(min(${column})) AS low_${i}`, `toString(max(${column})) AS high_${i}`]
      : [];
    return [`uniqCombined(${column}) AS distinct_${i}`, `count(${column}) AS present_${i}`, ...bounds];
  });
  const [row] = await server.rows<Sample>({
    sql: `SELECT count() AS total${figures.map((figure) => `, ${figure}`).join('')}
FROM ${quoteIdentifier(database)}.${quoteIdentifier(table)} AS t`,
    settings: { max_rows_to_read: String(sampleRows), read_overflow_mode: 'break' },
    signal,
  });
  return row;
}

/** Types whose text here is the literal text form. */
function hasBounds(type: DataType): boolean {
  return (isInteger(type) && type.id !== 'hugeint') || type.id === 'date';
}

function figuresOf(row: Sample, i: number, type: DataType, rows: number): ColumnStatistics {
  const [distinct, present] = [row[`distinct_${i}`], row[`present_${i}`]];
  if (typeof distinct !== 'number' || typeof present !== 'number' || row.total === 0) return {};
  const isWhole = row.total >= rows;
  const [min, max] = [row[`low_${i}`], row[`high_${i}`]];
  return {
    // A column whose values hardly repeat in a part goes on so in the rest.
    distinct: isWhole || distinct < row.total / 10 ? distinct : Math.round((distinct * rows) / row.total),
    nullFraction: 1 - present / row.total,
    ...(isWhole &&
      hasBounds(type) &&
      typeof min === 'string' &&
      typeof max === 'string' && { min, max, exactBounds: false }),
  };
}
