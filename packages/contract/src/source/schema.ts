import type { ComparisonFidelity, DataType } from '../plan/index.js';

/** Name of a table inside a source. */
export interface RemoteTableName {
  /** Schema or database, where the source has such a level. */
  readonly schema?: string;
  readonly name: string;
  readonly kind: 'table' | 'view' | 'materialized-view' | 'partitioned-table' | 'foreign-table' | 'files';
  /** Approximate rows where the listing knows them for free. */
  readonly estimatedRows?: number;
}

export interface RemoteColumn {
  readonly name: string;
  readonly type: DataType;
  /** The type as the source calls it. */
  readonly nativeType: string;
  readonly nullable: boolean;
  readonly comparison: ComparisonFidelity;
  /** Said by `describe`: for example that the type is delivered as text. */
  readonly note?: string;
}

export interface RemoteTableSchema {
  readonly table: RemoteTableName;
  readonly columns: readonly RemoteColumn[];
  /** Column names; empty when there is none. */
  readonly primaryKey: readonly string[];
  /** Further sets of columns that are unique and not null. */
  readonly uniqueKeys: readonly (readonly string[])[];
  /** Leading columns of indexes: what a key set can use. */
  readonly indexes: readonly (readonly string[])[];
  /** Changes when the schema changes; part of plan cache keys. */
  readonly version: string;
  /** Present where the source has looked at a sample of what the table is made of: there may be more columns. */
  readonly sampled?: true;
}

/** Where a figure comes from, as EXPLAIN prints it. */
export type StatisticsOrigin = 'source' | 'file-footer' | 'learned' | 'default';

export interface ColumnStatistics {
  /** Number of distinct non-null values. */
  readonly distinct?: number;
  /** Share of NULLs, 0 to 1. */
  readonly nullFraction?: number;
  /** Bounds in literal text form (see `Literal`); every value lies within them. Absent when not certain. */
  readonly min?: string;
  readonly max?: string;
  /** Average width of a value in bytes. */
  readonly averageBytes?: number;
  /** Most common values (literal text) and their shares. */
  readonly mostCommon?: readonly { readonly value: string; readonly fraction: number }[];
  /** Equi-depth histogram bounds (literal text), ascending. */
  readonly histogram?: readonly string[];
  /** Whether `min` and `max` are true of every row (file footers) or merely a sample's (pg_stats). */
  readonly exactBounds?: boolean;
  /** Correlation between physical and logical order, -1 to 1. */
  readonly correlation?: number;
}

export interface TableStatistics {
  readonly rows: number;
  /** Size of the whole table in bytes at the source. */
  readonly bytes?: number;
  /** By column name. */
  readonly columns: ReadonlyMap<string, ColumnStatistics>;
  readonly origin: StatisticsOrigin;
}
