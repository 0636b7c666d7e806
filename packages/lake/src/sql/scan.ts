import { type Column, type DataType, isFloat, sameType, typeName } from '@tributary/connector-sdk';
import type { CountedFile, ReadFile, StagedFile } from '../source/file-access.js';
import {
  type FileColumn,
  type FileDescription,
  type LakeColumn,
  type LakeTable,
  findColumn,
  storedColumn,
} from '../table/lake-table.js';
import { checkedCast } from './checked-cast.js';
import { renamedValue } from './nested-value.js';
import { readerCall, readerColumn } from './reader.js';
import { constant, filePath, name } from './text.js';

/**
 * A relation, fit to stand in FROM, that yields `columns` of the files under the table's names and types.
 *
 * Files of equal shape share one reader call; calls are joined by UNION ALL. So schemas that grew between files are
 * merged by us, exactly, and not by DuckDB's `union_by_name`, which opens every footer and would rather widen
 * integers beside floats to floats. Partition values are constants, or looked up by the file, for the same reason: DuckDB's
 * own reading of paths takes the text `NULL` for NULL and folders above the root for keys.
 *
 * @param expectedRows how many rows DuckDB is to think there are in all the files
 */
export function scanRelation(
  table: LakeTable,
  files: readonly StagedFile[],
  columns: readonly Column[],
  expectedRows?: number,
): string {
  const wanted = columns.flatMap((column) => findColumn(table.columns, column.name) ?? []);
  if (files.length === 0) return `(${emptySelect(wanted)})`;
  const counted = files.filter((file) => file.kind === 'counted');
  const read = files.filter((file) => file.kind === 'read');
  const shapes = [...Map.groupBy(read, shapeOf).values()];
  const share = expectedRows === undefined ? undefined : expectedRows / Math.max(1, storedRows(read));
  const selects = [
    ...countedSelects(counted, wanted),
    ...shapes.map((group) => shapeSelect(table, group, wanted, share)),
  ];
  const [only] = selects;
  if (only !== undefined && selects.length === 1) return only.plain ? only.from : `(${only.sql})`;
  return `(${selects.map((select) => select.sql).join(' UNION ALL ')})`;
}

/** Files with deleted rows are read by calls of their own: the others need no row numbers. */
function shapeOf({ file, deletions }: ReadFile): string {
  return `${file.description.shape} ${deletions ?? ''}`;
}

function storedRows(files: readonly ReadFile[]): number {
  return files.reduce((sum, { file }) => sum + file.description.estimatedRows, 0);
}

interface ShapeSelect {
  readonly sql: string;
  readonly from: string;
  /** Whether the reader's own columns are the wanted ones already. */
  readonly plain: boolean;
}

/** Rows of which nothing is wanted that stands in the files: one select for all that are alike. */
function countedSelects(
  files: readonly CountedFile[],
  wanted: readonly LakeColumn[],
): readonly ShapeSelect[] {
  const rowsOf = new Map<string, number>();
  for (const { file, rows } of files) {
    const list = wanted.map((column) => {
      const value = column.origin === 'partition' ? (file.partition.get(column.name) ?? null) : null;
      return `${constant(column.type, value)} AS ${name(column.name)}`;
    });
    const values = list.length === 0 ? '1' : list.join(', ');
    rowsOf.set(values, (rowsOf.get(values) ?? 0) + rows);
  }
  return [...rowsOf].map(([values, rows]) => {
    const from = `range(${rows})`;
    return { sql: `SELECT ${values} FROM ${from}`, from, plain: false };
  });
}

function shapeSelect(
  table: LakeTable,
  files: readonly ReadFile[],
  wanted: readonly LakeColumn[],
  share: number | undefined,
): ShapeSelect {
  const [first] = files;
  if (first === undefined) throw new RangeError('a shape without files');
  const { description, partition } = first.file;
  const varying = wanted.filter(
    (column) =>
      column.origin === 'partition' &&
      new Set(files.map(({ file }) => file.partition.get(column.name))).size > 1,
  );
  const fileName = unusedName(description, table);
  // A column of the files hides the reader's own.
  const hasIndex = !hasColumn(description, table, fileIndex);
  const joined = hasIndex ? [] : varying;
  const needsName = joined.length > 0 || first.deletions !== undefined;
  const from = readerCall(table, files, wanted, {
    fileName: needsName ? fileName : undefined,
    rowNumbers: first.deletions !== undefined,
    expectedRows: share === undefined ? undefined : Math.max(1, Math.round(storedRows(files) * share)),
  });
  const items = wanted.map((column) => {
    if (varying.includes(column)) {
      const sql = hasIndex ? valueByFile(files, column) : `p.${name(column.name)}`;
      return { column, sql, own: false };
    }
    if (column.origin === 'partition') {
      return { column, sql: constant(column.type, partition.get(column.name) ?? null), own: false };
    }
    return { column, ...fileValue(description, column, table.location) };
  });
  const list = items.map(({ column, sql }) => `${sql} AS ${name(column.name)}`).join(', ');
  const source = [
    `${from} AS f`,
    ...(joined.length > 0 ? [partitionJoin(files, joined, fileName)] : []),
    ...(first.deletions === undefined ? [] : [deletionJoin(first.deletions, fileName)]),
  ].join(' ');
  return {
    sql: `SELECT ${list === '' ? '1' : list} FROM ${source}`,
    from,
    plain: first.deletions === undefined && items.every((item) => item.own),
  };
}

/** Leaves out the rows whose numbers stand in a file of `f` (path) and `r` (row number). */
function deletionJoin(deletions: string, fileName: string): string {
  const rows = `read_parquet(${filePath(deletions)}, hive_partitioning=false)`;
  return `ANTI JOIN ${rows} AS d ON d.r = f.file_row_number AND d.f = f.${name(fileName)}`;
}

/** What DuckDB's readers have beside a file's columns: its position among the files, from 0. One value for thousands of rows. */
const fileIndex = 'file_index';

function valueByFile(files: readonly ReadFile[], column: LakeColumn): string {
  const values = files.map(({ file }) => constant(column.type, file.partition.get(column.name) ?? null));
  return `[${values.join(', ')}][f.${fileIndex}::BIGINT + 1]`;
}

/** Partition values by file name, for files that differ in them. */
function partitionJoin(files: readonly ReadFile[], columns: readonly LakeColumn[], fileName: string): string {
  const rows = files.map(({ file, path }) => {
    const values = columns.map((column) => constant(column.type, file.partition.get(column.name) ?? null));
    return `(${[constant({ id: 'varchar' }, path), ...values].join(', ')})`;
  });
  const names = [fileName, ...columns.map((column) => column.name)].map(name).join(', ');
  return `JOIN (VALUES ${rows.join(', ')}) AS p(${names}) ON f.${name(fileName)} = p.${name(fileName)}`;
}

function fileValue(
  description: FileDescription,
  column: LakeColumn,
  path: string,
): { readonly sql: string; readonly own: boolean } {
  const { details } = description;
  const own: Pick<FileColumn, 'name' | 'type' | 'typeById'> | undefined =
    details.kind === 'ndjson' ? { name: column.name, type: column.type } : storedColumn(description, column);
  if (own === undefined) return { sql: constant(column.type, null), own: false };
  const value = `f.${name(own.name)}`;
  if (details.kind !== 'parquet') {
    const isRead = sameType(readerColumn(details.kind, column.type), column.type);
    return isRead
      ? { sql: value, own: own.name === column.name }
      : { sql: checkedCast(value, column.type, { path, column: column.name }), own: false };
  }
  const { type } = own;
  const { stored } = column;
  const isById = own.typeById !== undefined && stored?.typeById !== undefined;
  const keys = isById ? own.typeById : type;
  const named = isById ? stored.typeById : stored?.type;
  // A field that was dropped and added again has another name in newer files: equal names do not make equal fields.
  const isRenamed = named !== undefined && !sameType(named, column.type);
  if (!isRenamed && isKnown(type) && sameType(type, column.type)) {
    // DuckDB 1.5.5 looks up a BLOB constant in a Bloom filter by its escaped text and finds nothing: keep it from looking.
    if (type.id === 'blob') return { sql: `(${value} || ''::BLOB)`, own: false };
    // It takes NaN for the greatest number, but for a file's maximum one that leaves NaN out, and skips row groups that hold it.
    if (isFloat(type)) return { sql: `(${value} * 1::${typeName(type)})`, own: false };
    return { sql: value, own: own.name === column.name };
  }
  if (isRenamed && isKnown(type) && isKnown(keys)) {
    return { sql: renamedValue(value, type, keys, named, column.type), own: false };
  }
  return { sql: convert(value, type?.id, column.type), own: false };
}

function isKnown(type: FileColumn['type']): type is DataType {
  return type !== undefined && type.id !== 'unsupported';
}

function convert(value: string, from: string | undefined, to: DataType): string {
  // CAST would write bytes beyond ASCII as `\xC3`.
  if (from === 'blob' && to.id === 'varchar') return `decode(${value})`;
  return `CAST(${value} AS ${typeName(to)})`;
}

/** A name for the reader's file-name column that no column has. */
function unusedName(description: FileDescription, table: LakeTable): string {
  let candidate = 'file_path';
  while (hasColumn(description, table, candidate)) candidate += '_';
  return candidate;
}

function hasColumn(description: FileDescription, table: LakeTable, candidate: string): boolean {
  return (findColumn(description.columns, candidate) ?? findColumn(table.columns, candidate)) !== undefined;
}

function emptySelect(columns: readonly LakeColumn[]): string {
  const list = columns.map((column) => `${constant(column.type, null)} AS ${name(column.name)}`).join(', ');
  return `SELECT ${list === '' ? '1' : list} WHERE false`;
}
