import { type DataType, duckdbDialect, literal, simpleType } from '@tributary/connector-sdk';

/** A name in DuckDB's quotes. */
export const name = duckdbDialect.quoteIdentifier;

/** A constant of a type, as DuckDB reads it. */
export function constant(type: DataType, value: string | null): string {
  return duckdbDialect.literal(literal(type, value)) ?? 'NULL';
}

export function text(value: string): string {
  return constant(simpleType('varchar'), value);
}

/** A path that DuckDB takes for exactly this file: its readers expand `*`, `?` and `[...]`. */
export function filePath(path: string): string {
  return text(path.replaceAll(/[*?[]/g, '[$&]'));
}

/** A path that DuckDB cannot be given: beside a wildcard it reads a backslash as an escape, and has none for it. */
export function isUnreadablePath(path: string): boolean {
  return /[*?[]/.test(path) && path.includes('\\');
}
