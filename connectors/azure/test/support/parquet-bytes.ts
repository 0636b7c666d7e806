import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

/** What DuckDB writes for a query, as the bytes of a file. */
export async function fileBytes(
  sql: string,
  format = 'FORMAT parquet, ROW_GROUP_SIZE 2048',
): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'lake-'));
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  try {
    await connection.run(`COPY (${sql}) TO '${join(folder, 'x')}' (${format})`);
    return await readFile(join(folder, 'x'));
  } finally {
    connection.closeSync();
    await rm(folder, { recursive: true, force: true });
  }
}
