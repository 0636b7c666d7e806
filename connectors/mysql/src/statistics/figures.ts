import type { ColumnStatistics, DataType } from '@tributary/connector-sdk';

/** Bounds, where their text is the literal text of a type whose order is the same everywhere. They are a sample's. */
export function bounds(
  type: DataType,
  min: string | undefined,
  max: string | undefined,
): Pick<ColumnStatistics, 'min' | 'max' | 'exactBounds'> {
  const [low, high] = [figureText(type, min), figureText(type, max)];
  if (low === undefined || high === undefined) return {};
  return { min: low, max: high, exactBounds: false };
}

/** A number or a date as the contract writes it; undefined for text, which MySQL cuts off or folds in its figures. */
export function figureText(type: DataType, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  switch (type.id) {
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'utinyint':
    case 'usmallint':
    case 'uinteger':
    case 'ubigint':
      return /^-?\d+$/.test(value) ? value : undefined;
    case 'decimal':
    case 'float':
    case 'double':
      return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value) ? value : undefined;
    case 'date':
      return /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined;
    case 'timestamp':
    case 'timestamptz':
      return /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d+)?$/.test(value) ? value : undefined;
    default:
      return undefined;
  }
}
