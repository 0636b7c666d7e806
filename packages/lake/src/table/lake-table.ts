import type { DataType, RemoteColumn } from '@tributary/connector-sdk';
import type { DataFile } from '../files/data-file.js';
import type { ParquetFooter } from '../parquet/footer.js';
import type { ColumnType } from '../parquet/parquet-type.js';
import type { FileFormat } from '../source/table-options.js';
import type { CsvFormat } from '../text/csv-head.js';
import { foldCase } from './names.js';
import type { TableName } from './table-name.js';

/** A table at one moment: its files, what is known of each, and the schema over them. Immutable. */
export interface LakeTable {
  readonly name: TableName;
  /** Where its files are, for people. */
  readonly location: string;
  readonly format: FileFormat;
  readonly columns: readonly LakeColumn[];
  readonly files: readonly TableFile[];
  /** Digest of the columns. */
  readonly version: string;
  /**
   * The table's own version, for people (`version 12`), where a log says which files count. Files may then come and go between planning
   * and the run; without it, a planned file that is gone is an error.
   */
  readonly snapshot?: string;
  /** Present where only some of the files were looked at: another may have columns and types that the table does not know of yet. */
  readonly sampled?: true;
}

export interface LakeColumn extends RemoteColumn {
  readonly origin: 'file' | 'partition';
  /** How the files know the column, where not by its name: by its id in files that have ids, else by this name. */
  readonly stored?: {
    readonly fieldId?: number;
    readonly name?: string;
    /** The column's type with nested fields by the names that files have, where these are others. */
    readonly type?: DataType;
    /** The same with nested fields by their ids, for files whose own have any. */
    readonly typeById?: DataType;
  };
  /** Whether the user has said the type: bounds that files give in types of their own then say nothing. */
  readonly retyped?: boolean;
}

export interface TableFile {
  readonly file: DataFile;
  /** Absent where a log vouches for the file, or others of the table stand for it: it is looked at when a scan cannot do without it. */
  readonly description?: FileDescription;
  /** Partition values in literal text of their columns' types, by column name. */
  readonly partition: ReadonlyMap<string, string | null>;
  /** What a log says of the file's rows. */
  readonly statistics?: FileStatistics;
  /** Rows that are no longer part of the table. */
  readonly deleted?: DeletedRows;
}

/** A file whose footer or head has been read. */
export interface DescribedFile extends TableFile {
  readonly description: FileDescription;
}

export interface FileStatistics {
  /** Rows of the file, deleted ones included. */
  readonly rows: number;
  /** Present where bounds of whole numbers, decimals and dates are values that rows have; texts and times may be cut. */
  readonly tight?: true;
  /** By the table's column names, in literal text of the columns' types. Bounds are inclusive; absent where not certain. */
  readonly columns: ReadonlyMap<
    string,
    { readonly min?: string; readonly max?: string; readonly nulls?: number }
  >;
}

export interface DeletedRows {
  /** Tells this set of rows from every other one of the table: part of cache keys. */
  readonly id: string;
  readonly count: number;
  /** Positions in the file, from 0, ascending. */
  rows(signal: AbortSignal): Promise<readonly number[]>;
}

/** What one file holds, before the table's schema is laid over it. */
export interface FileDescription {
  readonly columns: readonly FileColumn[];
  /** Files of equal shape are read by one call of DuckDB's reader. */
  readonly shape: string;
  readonly estimatedRows: number;
  readonly details:
    | { readonly kind: 'parquet'; readonly footer: ParquetFooter }
    | { readonly kind: 'csv'; readonly format: CsvFormat }
    | { readonly kind: 'ndjson' };
}

export interface FileColumn {
  readonly name: string;
  /** Undefined for a column of a text file whose sample holds only NULLs. */
  readonly type: ColumnType | undefined;
  readonly nullable: boolean;
  /** Parquet's field id, which column mapping by id goes by. */
  readonly fieldId?: number;
  /** The type with nested fields by their ids, where any has one. */
  readonly typeById?: ColumnType;
}

/** The column of a file that holds a column of the table; undefined where the file has none. */
export function storedColumn(description: FileDescription, column: LakeColumn): FileColumn | undefined {
  const { stored } = column;
  if (stored === undefined) return findColumn(description.columns, column.name);
  const { fieldId, name } = stored;
  // In a file with ids, another column may have had the name.
  const hasIds = fieldId !== undefined && description.columns.some((own) => own.fieldId !== undefined);
  if (hasIds) return description.columns.find((own) => own.fieldId === fieldId);
  if (name === undefined) return undefined;
  return description.columns.find((own) => own.name === name);
}

/** Rows that the table has of a file; undefined until somebody has counted them. */
export function liveRows({ description, statistics, deleted }: TableFile): number | undefined {
  const rows = statistics?.rows ?? description?.estimatedRows;
  return rows === undefined ? undefined : Math.max(rows - (deleted?.count ?? 0), 0);
}

export function findColumn<C extends { readonly name: string }>(
  columns: readonly C[],
  name: string,
): C | undefined {
  const same = columns.find((column) => column.name === name);
  if (same !== undefined) return same;
  const wanted = foldCase(name);
  return columns.find((column) => foldCase(column.name) === wanted);
}
