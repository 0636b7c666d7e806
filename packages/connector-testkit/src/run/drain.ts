import type { RemoteResult } from '@tributary/connector-sdk';
import type { PlainDuckDB } from '@tributary/oracle';

/** Reads a source's answer to its end. @returns its rows */
export async function drain(
  result: RemoteResult,
  duckdb: PlainDuckDB,
  onBatch: (rows: number) => void | Promise<void> = () => undefined,
): Promise<number> {
  if (result.kind === 'relation') {
    try {
      const counted = await duckdb.query(`SELECT count(*) FROM (${result.sql}) AS s`);
      return Number(counted.rows[0]?.[0]);
    } finally {
      await result.release();
    }
  }
  let rows = 0;
  for await (const batch of result.batches) {
    rows += batch.numRows;
    await onBatch(rows);
  }
  return rows;
}
