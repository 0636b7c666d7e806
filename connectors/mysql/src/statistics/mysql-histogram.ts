import type { ColumnStatistics, DataType } from '@tributary/connector-sdk';
import { bounds, figureText } from './figures.js';

/** `[value, cumulative share]`, or `[low, high, cumulative share, distinct values]` (MySQL manual, "Optimizer Statistics"). */
type Bucket = readonly unknown[];

interface Histogram {
  readonly buckets: readonly Bucket[];
  readonly 'null-values': number;
  readonly 'histogram-type': 'singleton' | 'equi-height';
}

/** The figures in a histogram that ANALYZE TABLE … UPDATE HISTOGRAM has made. */
export function mysqlHistogram(text: string, type: DataType): ColumnStatistics {
  const histogram: unknown = JSON.parse(text);
  if (!isHistogram(histogram)) return {};
  const { buckets } = histogram;
  const nullFraction = histogram['null-values'];
  return histogram['histogram-type'] === 'singleton'
    ? { nullFraction, ...singleton(buckets, type) }
    : { nullFraction, ...equiHeight(buckets, type) };
}

function singleton(buckets: readonly Bucket[], type: DataType): ColumnStatistics {
  const values = buckets.map(([value]) => figureText(type, figure(value)));
  const known = values.flatMap((value, i) => {
    const share = Number(buckets[i]?.[1]) - Number(buckets[i - 1]?.[1] ?? 0);
    return value === undefined ? [] : [{ value, fraction: share }];
  });
  return {
    distinct: buckets.length,
    ...(known.length === buckets.length && { mostCommon: known }),
    ...bounds(type, values[0], values.at(-1)),
  };
}

function equiHeight(buckets: readonly Bucket[], type: DataType): ColumnStatistics {
  const low = figureText(type, figure(buckets[0]?.[0]));
  const highs = buckets.map(([, high]) => figureText(type, figure(high)));
  const edges = [low, ...highs].filter((edge) => edge !== undefined);
  return {
    distinct: buckets.reduce((sum, [, , , distinct]) => sum + Number(distinct), 0),
    ...(edges.length === buckets.length + 1 && { histogram: edges }),
    ...bounds(type, low, highs.at(-1)),
  };
}

function figure(value: unknown): string | undefined {
  return typeof value === 'number' || typeof value === 'string' ? String(value) : undefined;
}

function isHistogram(value: unknown): value is Histogram {
  return (
    typeof value === 'object' &&
    value !== null &&
    'buckets' in value &&
    Array.isArray(value.buckets) &&
    'null-values' in value &&
    'histogram-type' in value
  );
}
