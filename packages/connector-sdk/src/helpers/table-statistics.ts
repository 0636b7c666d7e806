import type { ColumnStatistics, StatisticsOrigin, TableStatistics } from '@tributary/contract/source';

/** A table's figures as a catalogue gives them. */
export interface StatisticsInput {
  readonly rows: number;
  /** Of the whole table, at the source. */
  readonly bytes?: number;
  /** By column name. */
  readonly columns?: Readonly<Record<string, ColumnStatistics>>;
  /** Default `source`. */
  readonly origin?: StatisticsOrigin;
}

/**
 * Statistics out of plain figures. What cannot be (negative, not a number, a share beyond 1) is left out: a wrong figure does
 * more harm than none.
 */
export function tableStatistics(input: StatisticsInput): TableStatistics | undefined {
  const { rows, bytes, columns = {}, origin = 'source' } = input;
  if (!isCount(rows)) return undefined;
  return {
    rows,
    ...(isCount(bytes) && { bytes }),
    columns: new Map(Object.entries(columns).map(([name, column]) => [name, credible(column)])),
    origin,
  };
}

function credible(column: ColumnStatistics): ColumnStatistics {
  const { distinct, nullFraction, averageBytes, ...rest } = column;
  return {
    ...rest,
    ...(isCount(distinct) && { distinct }),
    ...(isCount(nullFraction) && nullFraction <= 1 && { nullFraction }),
    ...(isCount(averageBytes) && { averageBytes }),
  };
}

function isCount(figure: number | undefined): figure is number {
  return figure !== undefined && Number.isFinite(figure) && figure >= 0;
}
