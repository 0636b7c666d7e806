import { ParquetSpoolWriter, columnsOfSchema, spoolSelect, writeRecordBatches } from '@tributary/columnar';
import { type Column, type SpoolDirectory, typeName } from '@tributary/contract';
import type { RecordBatch, Schema } from 'apache-arrow';

/** A fragment's result as DuckDB sees it. */
export interface StagedRelation {
  /** What stands in FROM; its columns are the fragment's, by position. */
  readonly from: string;
  /** Exact, where known. */
  readonly rows?: number;
  /** The values column by column, as `columnValues` gives them, where they are few and at hand. */
  readonly values?: readonly (readonly unknown[])[];
}

/** The relation of a fragment that is not run, because an empty key set proves that it yields nothing. */
export function emptyRelation(columns: readonly Column[]): StagedRelation {
  const list = columns.map((column, index) => `NULL::${typeName(column.type)} AS c${index}`);
  return { from: `(SELECT ${list.length === 0 ? '1' : list.join(', ')} WHERE false)`, rows: 0 };
}

/** Writes record batches to a Parquet file of the spool and returns the relation that reads it. */
export async function stageBatches(
  schema: Schema,
  batches: AsyncIterable<RecordBatch> | Iterable<RecordBatch>,
  columns: readonly Column[],
  spool: SpoolDirectory,
): Promise<StagedRelation> {
  if (columns.length === 0) return stageCount(batches);
  const staged = columnsOfSchema(schema);
  await using sink = await ParquetSpoolWriter.create({
    path: spool.newFile('.parquet'),
    columns: staged,
    budget: (bytes) => spool.reserve(bytes),
  });
  await writeRecordBatches(batches, staged, sink);
  const file = await sink.finish();
  // A connector may deliver a narrower or a neighbouring type than it declared: text for an enum, for example.
  const list = columns.map(({ type }, index) => {
    const name = `c${index}`;
    const given = staged[index];
    const same = given !== undefined && typeName(given.type) === typeName(type);
    return same ? name : `CAST(${name} AS ${typeName(type)}) AS ${name}`;
  });
  const names = staged.map((_, index) => `c${index}`).join(', ');
  return {
    from: `(SELECT ${list.join(', ')} FROM (${spoolSelect([file])}) AS s(${names}))`,
    rows: file.rows,
  };
}

/** A result without columns is a number of rows. */
async function stageCount(
  batches: AsyncIterable<RecordBatch> | Iterable<RecordBatch>,
): Promise<StagedRelation> {
  let rows = 0;
  for await (const batch of batches) rows += batch.numRows;
  return { from: `(SELECT 1 FROM range(${rows}))`, rows };
}
