import {
  type AggregateCall,
  type AggregateColumn,
  type DataType,
  type ScanColumn,
  isFloat,
  isInteger,
  sameType,
} from '@tributary/connector-sdk';
import { type Ordered, compareOrdered, toOrdered } from '../prune/ordered.js';
import {
  type LakeColumn,
  type LakeTable,
  type TableFile,
  findColumn,
  liveRows,
  storedColumn,
} from '../table/lake-table.js';

/** Counts, minima and maxima of a whole table, as far as its statistics hold them exactly. */
export type ExactAnswer =
  /** In literal text, one value for each aggregate. */
  { readonly kind: 'known'; readonly values: readonly (string | null)[] } | Unsure;

interface Unsure {
  readonly kind: 'unsure';
  readonly why: string;
}

type ExactValue = { readonly kind: 'value'; readonly value: string | null } | Unsure;

/** A stretch of rows (a row group, or a file), and what is certain of one column in it. */
interface Stretch {
  readonly path: string;
  readonly rows: number;
  readonly nulls: number | undefined;
  /** The least and the greatest value, which are not certain where this is absent. */
  readonly extremes: { readonly min: string; readonly max: string } | undefined;
}

/** Answers `count_star()`, and `count`, `min` and `max` of columns, from footers, folders and the log. */
export function exactAnswer(
  table: LakeTable,
  aggregates: readonly AggregateColumn[],
  columns: readonly ScanColumn[],
): ExactAnswer {
  if (table.format !== 'parquet') return unsure(`nothing counts the rows of ${table.format} files`);
  const uncounted = table.files.find((file) => liveRows(file) === undefined);
  if (uncounted !== undefined) return unsure(`nothing counts the rows of ${uncounted.file.path}`);
  const values: (string | null)[] = [];
  for (const { call } of aggregates) {
    const found = exactValue(call, table, columns);
    if (found.kind === 'unsure') return found;
    values.push(found.value);
  }
  return { kind: 'known', values };
}

function exactValue(
  { fn, args: [arg] }: AggregateCall,
  table: LakeTable,
  columns: readonly ScanColumn[],
): ExactValue {
  if (arg === undefined) return value(String(total(table.files, (file) => liveRows(file) ?? 0)));
  const name = arg.kind === 'column' ? columns.find(({ id }) => id === arg.id)?.name : undefined;
  const column = name === undefined ? undefined : findColumn(table.columns, name);
  if (column === undefined) return unsure(`${fn} is of something computed`);
  const stretches = table.files
    .flatMap((file) => stretchesOf(file, column))
    .filter((stretch) => stretch.rows > 0);
  switch (fn) {
    case 'count':
      return countOf(column, stretches);
    case 'min':
    case 'max':
      return extremeOf(column, stretches, fn);
    default:
      return unsure(`${fn} needs the rows`);
  }
}

function countOf({ name }: LakeColumn, stretches: readonly Stretch[]): ExactValue {
  const uncounted = stretches.find(({ nulls }) => nulls === undefined);
  if (uncounted !== undefined) return unsure(`nothing counts the NULLs of ${name} in ${uncounted.path}`);
  return value(String(total(stretches, ({ rows, nulls = 0 }) => rows - nulls)));
}

function extremeOf(
  { name, type }: LakeColumn,
  stretches: readonly Stretch[],
  which: 'min' | 'max',
): ExactValue {
  // Bounds leave NaN out, which is the greatest number, and do not tell the two zeros apart.
  if (isFloat(type)) return unsure(`bounds of ${name} say nothing of NaN`);
  let best: { readonly text: string; readonly value: Ordered } | undefined;
  for (const { path, rows, nulls, extremes } of stretches) {
    if (nulls === rows) continue;
    const text = extremes?.[which];
    const ordered = text === undefined ? undefined : toOrdered(type, text);
    if (text === undefined || ordered === undefined) {
      return unsure(`nothing says the ${which === 'min' ? 'least' : 'greatest'} ${name} of ${path} exactly`);
    }
    const order = best === undefined ? 0 : compareOrdered(ordered, best.value);
    if (order === undefined) return unsure(`${name} has no order`);
    if (best === undefined || (which === 'min' ? order < 0 : order > 0)) best = { text, value: ordered };
  }
  return value(best?.text ?? null);
}

function stretchesOf(tableFile: TableFile, column: LakeColumn): readonly Stretch[] {
  const { file, description, partition, statistics, deleted } = tableFile;
  const { path } = file;
  const rows = liveRows(tableFile) ?? 0;
  if (column.origin === 'partition') {
    const text = partition.get(column.name) ?? null;
    const extremes = text === null ? undefined : { min: text, max: text };
    return [{ path, rows, nulls: text === null ? rows : 0, extremes }];
  }
  const unknown: Stretch = { path, rows, nulls: undefined, extremes: undefined };
  // Nothing tells which values went with the deleted rows.
  if (deleted !== undefined) return [unknown];
  if (description?.details.kind !== 'parquet') {
    const known = statistics?.columns.get(column.name);
    const isExact = statistics?.tight === true && isExactInLogs(column.type);
    return [{ path, rows, nulls: known?.nulls, extremes: isExact ? extremesOf(known) : undefined }];
  }
  const own = storedColumn(description, column);
  if (own === undefined) return [{ path, rows, nulls: rows, extremes: undefined }];
  if (own.type === undefined || own.type.id === 'unsupported') return [unknown];
  if (column.retyped === true && !sameType(own.type, column.type)) return [unknown];
  return description.details.footer.rowGroups.map((group) => {
    const bounds = group.columns.get(own.name)?.bounds;
    return {
      path,
      rows: group.rows,
      nulls: bounds?.nulls ?? (own.nullable ? undefined : 0),
      extremes: bounds?.exact === true ? extremesOf(bounds) : undefined,
    };
  });
}

/** Logs cut texts and times. */
function isExactInLogs(type: DataType): boolean {
  return isInteger(type) || type.id === 'decimal' || type.id === 'date';
}

function extremesOf(
  bounds: { readonly min?: string; readonly max?: string } | undefined,
): Stretch['extremes'] {
  const { min, max } = bounds ?? {};
  return min === undefined || max === undefined ? undefined : { min, max };
}

function total<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}

function value(text: string | null): ExactValue {
  return { kind: 'value', value: text };
}

function unsure(why: string): Unsure {
  return { kind: 'unsure', why };
}
