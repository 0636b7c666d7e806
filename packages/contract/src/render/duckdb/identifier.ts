/** An identifier in DuckDB's quotes. */
export function quoteDuckdb(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
