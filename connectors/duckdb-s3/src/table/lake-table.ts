import type { RemoteColumn } from '@tributary/connector-sdk';
import type { DataFile } from '../files/data-file.js';
import type { FileFormat } from '../options.js';
import type { ParquetFooter } from '../parquet/footer.js';
import type { ColumnType } from '../parquet/parquet-type.js';
import type { CsvFormat } from '../text/csv-head.js';
import type { TableDefinition } from './definition.js';
import { foldCase } from './names.js';

/** A table at one moment: its files, what each says of itself, and the schema that follows. Immutable. */
export interface LakeTable {
  readonly definition: TableDefinition;
  readonly format: FileFormat;
  readonly columns: readonly LakeColumn[];
  readonly files: readonly TableFile[];
  /** Digest of the columns. */
  readonly version: string;
}

export interface LakeColumn extends RemoteColumn {
  readonly origin: 'file' | 'partition';
}

export interface TableFile {
  readonly file: DataFile;
  readonly description: FileDescription;
  /** Partition values in literal text of their columns' types, by column name. */
  readonly partition: ReadonlyMap<string, string | null>;
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
