import type { PlainDuckDB } from '@tributary/testbed';

/** Compressed bytes of columns of a Parquet file, as its footer says; of some row groups, where they are given. */
export async function chunkBytes(
  duckdb: PlainDuckDB,
  path: string,
  columns: readonly string[],
  groups?: readonly number[],
): Promise<number> {
  const inGroups = groups === undefined ? '' : `AND row_group_id IN (${groups.join(', ')})`;
  const names = ['', ...columns].map((column) => `'${column}'`).join(', ');
  const { rows } = await duckdb.query(
    `SELECT coalesce(sum(total_compressed_size), 0) FROM parquet_metadata('${path}') WHERE path_in_schema IN (${names}) ${inGroups}`,
  );
  return Number(rows[0]?.[0]);
}
