import type { ExecuteContext } from '@tributary/connector-sdk';
import type { DescribedFile, LakeColumn, TableFile } from '../table/lake-table.js';
import type { FileBytes } from '../files/file-reader.js';

/** How DuckDB gets to read the files of a source: where they lie, or from copies of what a scan needs of them. */
export interface FileAccess extends FileBytes {
  /** Whether bytes are fetched, so that reading fewer is worth a thought. */
  readonly isRemote: boolean;
  stage(scans: readonly WantedFile[], wanted: readonly LakeColumn[], ctx: StageContext): Promise<Staging>;
  /** Directories that DuckDB must be allowed to read, beside the spool. */
  localDirectories(): readonly string[];
  close(): Promise<void>;
}

export interface StageContext extends Pick<ExecuteContext, 'signal' | 'spool' | 'onProgress'> {
  readonly sourceId: string;
}

/** What a scan needs of one file. */
export interface WantedFile {
  readonly file: DescribedFile;
  /** Row groups by position in the footer; absent for text, and where all are wanted. */
  readonly groups?: readonly number[];
  /** Rows of these row groups, deleted ones included. */
  readonly rows: number;
}

/** A file that DuckDB reads, or one of which only the number of rows is wanted. */
export type StagedFile = ReadFile | CountedFile;

export interface CountedFile {
  readonly kind: 'counted';
  readonly file: TableFile;
  readonly rows: number;
}

export interface ReadFile {
  readonly kind: 'read';
  readonly file: DescribedFile;
  /** What DuckDB reads. */
  readonly path: string;
  /** A Parquet file of `f` (path) and `r` (row number there) with the rows to leave out; absent when there are none. */
  readonly deletions?: string;
}

export interface Staging {
  /** In the order of the scans. */
  readonly files: readonly ReadFile[];
  /** Row groups that the staged files have, where they have not all. */
  readonly slim: boolean;
  /** Bytes that came from the source; undefined where DuckDB reads them itself. */
  readonly fetchedBytes?: number;
  release(): Promise<void>;
}
