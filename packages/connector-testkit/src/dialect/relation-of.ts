import { ParquetSpoolWriter, columnsOfSchema, spoolSelect, writeRecordBatches } from '@tributary/columnar';
import type { RemoteResult } from '@tributary/connector-sdk';
import type { TestQuery } from './test-query.js';

export interface AnswerRelation {
  /** A SELECT that DuckDB runs. */
  readonly sql: string;
  /** Where the source has said it, or sent them. */
  readonly rows: number | undefined;
}

/** A source's answer as DuckDB can read it while the query is open: batches go to a file of its spool, as in the engine. */
export async function relationOf(result: RemoteResult, query: TestQuery): Promise<AnswerRelation> {
  if (result.kind === 'relation') return { sql: result.sql, rows: result.rows };
  const columns = columnsOfSchema(result.schema);
  const { spool } = query.context();
  await using sink = await ParquetSpoolWriter.create({
    path: spool.newFile('.parquet'),
    columns,
    budget: (bytes) => spool.reserve(bytes),
  });
  await writeRecordBatches(result.batches, columns, sink);
  const file = await sink.finish();
  return { sql: spoolSelect([file]), rows: file.rows };
}
