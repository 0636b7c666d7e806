import type { ColumnId, ColumnStatistics, DataType, StatisticsOrigin } from '@tributary/contract';

/** What is believed of a relation: guesses for choosing between plans, never a ground for dropping rows. */
export interface Profile {
  readonly rows: number;
  readonly columns: ReadonlyMap<ColumnId, ColumnProfile>;
  /** Where the figures come from; the weakest of all that went in. */
  readonly origin: StatisticsOrigin;
}

export interface ColumnProfile {
  readonly type: DataType;
  /** Distinct values among the relation's rows, at least 1. */
  readonly distinct: number;
  /** Whether `distinct` is a default and not a statistic. */
  readonly guessed?: boolean;
  /** Share of NULLs, 0 to 1. */
  readonly nullFraction: number;
  /** Average bytes of a value. */
  readonly bytes: number;
  /** The base column's figures, of all its rows. */
  readonly base?: ColumnStatistics;
}

/** Rows of a table of which nothing is known. */
export const defaultTableRows = 10_000;

const originRank: Readonly<Record<StatisticsOrigin, number>> = {
  source: 0,
  'file-footer': 0,
  learned: 1,
  default: 2,
};

export function weaker(a: StatisticsOrigin, b: StatisticsOrigin): StatisticsOrigin {
  return originRank[b] > originRank[a] ? b : a;
}

/** The relation with fewer rows: no column has more distinct values than rows. */
export function withRows(profile: Profile, rows: number): Profile {
  const limit = Math.max(1, rows);
  if (profile.columns.values().every((column) => column.distinct <= limit)) return { ...profile, rows };
  const columns = new Map<ColumnId, ColumnProfile>();
  for (const [id, column] of profile.columns) {
    columns.set(id, column.distinct > limit ? { ...column, distinct: limit } : column);
  }
  return { ...profile, rows, columns };
}

/** Bytes of a value of the type where the source does not say. */
export function defaultBytes(type: DataType): number {
  switch (type.id) {
    case 'null':
    case 'boolean':
    case 'tinyint':
    case 'utinyint':
      return 1;
    case 'smallint':
    case 'usmallint':
      return 2;
    case 'integer':
    case 'uinteger':
    case 'float':
    case 'date':
    case 'enum':
      return 4;
    case 'bigint':
    case 'ubigint':
    case 'double':
    case 'time':
    case 'timetz':
    case 'timestamp':
    case 'timestamp_s':
    case 'timestamp_ms':
    case 'timestamp_ns':
    case 'timestamptz':
      return 8;
    case 'decimal':
      return type.precision <= 18 ? 8 : 16;
    case 'hugeint':
    case 'uhugeint':
    case 'uuid':
    case 'interval':
      return 16;
    case 'varchar':
    case 'bit':
      return 20;
    case 'json':
    case 'blob':
    case 'list':
    case 'array':
    case 'struct':
    case 'map':
      return 64;
  }
}
