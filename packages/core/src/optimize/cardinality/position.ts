import type { ColumnStatistics, DataType } from '@tributary/contract';
import { compareValues, parseDate, parseDouble, parseTime, parseTimestamp } from '../expressions/values.js';

/** The share of the column's values below `value`, 0 to 1; undefined where nothing tells. */
export function shareBelow(type: DataType, base: ColumnStatistics, value: string): number | undefined {
  if (base.histogram !== undefined && base.histogram.length > 1) {
    return inHistogram(type, base.histogram, value);
  }
  if (base.min === undefined || base.max === undefined) return undefined;
  return between(type, base.min, base.max, value);
}

/** Each pair of neighbouring bounds of an equi-depth histogram holds the same share. */
function inHistogram(type: DataType, bounds: readonly string[], value: string): number | undefined {
  const buckets = bounds.length - 1;
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = compareValues(type, bounds[middle] ?? '', value);
    if (order === undefined) return undefined;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return 0;
  if (low === bounds.length) return 1;
  const inside = between(type, bounds[low - 1] ?? '', bounds[low] ?? '', value) ?? 0.5;
  return (low - 1 + inside) / buckets;
}

function between(type: DataType, min: string, max: string, value: string): number | undefined {
  const low = asNumber(type, min);
  const high = asNumber(type, max);
  const at = asNumber(type, value);
  if (low === undefined || high === undefined || at === undefined) return undefined;
  if (high <= low) return at > low ? 1 : 0;
  return Math.min(1, Math.max(0, (at - low) / (high - low)));
}

/** A number that keeps the order of the type's values, good enough to interpolate. */
function asNumber(type: DataType, text: string): number | undefined {
  switch (type.id) {
    case 'date':
      return toNumber(parseDate(text));
    case 'time':
      return toNumber(parseTime(text));
    case 'timestamp':
    case 'timestamp_s':
    case 'timestamp_ms':
    case 'timestamptz':
      return toNumber(parseTimestamp(text));
    case 'varchar': {
      const bytes = Buffer.alloc(6);
      bytes.write(text, 'utf8');
      return bytes.readUIntBE(0, 6);
    }
    default: {
      const value = parseDouble(text);
      return value !== undefined && Number.isFinite(value) ? value : undefined;
    }
  }
}

function toNumber(value: bigint | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}
