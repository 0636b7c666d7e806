import type { ColumnStatistics, DataType } from '@tributary/connector-sdk';
import { type CatalogueRow, numberOrNull, textOrNull } from '../discovery/catalogue.js';
import { bounds } from './figures.js';

/** The figures that ANALYZE TABLE … PERSISTENT has made (MariaDB manual, "mysql.column_stats Table"). */
export function mariadbColumnStatistics(row: CatalogueRow, type: DataType, rows: number): ColumnStatistics {
  const nullFraction = numberOrNull(row, 'nulls_ratio');
  const averageBytes = numberOrNull(row, 'avg_length');
  /** Rows per distinct value. */
  const frequency = numberOrNull(row, 'avg_frequency');
  const distinct =
    frequency === null || frequency <= 0
      ? undefined
      : Math.max(1, Math.round((rows * (1 - (nullFraction ?? 0))) / frequency));
  return {
    ...(nullFraction !== null && { nullFraction }),
    ...(averageBytes !== null && { averageBytes }),
    ...(distinct !== undefined && { distinct }),
    ...bounds(type, textOrNull(row, 'min_value') ?? undefined, textOrNull(row, 'max_value') ?? undefined),
  };
}
