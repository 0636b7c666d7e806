/** The server's own databases. */
export const systemDatabases = ['information_schema', 'mysql', 'performance_schema', 'sys'] as const;

/**
 * One row of the catalogue as an object. MySQL 8 names the columns of information_schema in upper case, MariaDB as they are written, so
 * every query gives them names of its own.
 */
export type CatalogueRow = Readonly<Record<string, unknown>>;

export function textOf(row: CatalogueRow, name: string): string {
  return textOrNull(row, name) ?? '';
}

/** Text of the catalogue, which some columns give as bytes. */
export function textOrNull(row: CatalogueRow, name: string): string | null {
  const value = row[name];
  if (value === null || value === undefined) return null;
  return Buffer.isBuffer(value) ? value.toString('utf8') : String(value);
}

export function numberOrNull(row: CatalogueRow, name: string): number | null {
  const value = row[name];
  return value === null || value === undefined ? null : Number(value);
}
