import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPlainDuckDB } from '@tributary/testbed';

/**
 * What DuckDB writes for a query, as the bytes of a file.
 *
 * @param format options of COPY. Default: Parquet with small row groups
 */
export async function fileBytes(
  sql: string,
  format = 'FORMAT parquet, ROW_GROUP_SIZE 2048',
): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'lake-'));
  await using duckdb = await openPlainDuckDB();
  try {
    await duckdb.run(`COPY (${sql}) TO '${join(folder, 'x')}' (${format})`);
    return await readFile(join(folder, 'x'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
