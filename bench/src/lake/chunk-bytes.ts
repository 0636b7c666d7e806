import { join } from 'node:path';
import type { DuckdbPeer } from '../peers/duckdb-peer.js';
import { type LakeFiles, lakePatterns } from './lake-files.js';
import type { Chunks } from './lake-queries.js';

/** Compressed bytes of the column chunks, as the files' footers say. */
export async function chunkBytes(
  duckdb: DuckdbPeer,
  { root }: LakeFiles,
  chunks: readonly Chunks[],
): Promise<number> {
  let bytes = 0;
  for (const { table, columns, where = 'true' } of chunks) {
    const names = columns.map((column) => `'${column}'`).join(', ');
    bytes += Number(
      await duckdb.firstRow(
        `WITH metadata AS (FROM parquet_metadata('${join(root, lakePatterns[table])}'))
          SELECT coalesce(sum(total_compressed_size), 0)::BIGINT FROM metadata WHERE path_in_schema IN (${names}) AND (${where})`,
      ),
    );
  }
  return bytes;
}

/** Bytes of the footers of all files, and how many files. */
export async function footerBytes(duckdb: DuckdbPeer, { root, paths }: LakeFiles): Promise<number> {
  const files = paths.map((path) => `'${join(root, path)}'`).join(', ');
  // The thrift, its length and the magic.
  return Number(
    await duckdb.firstRow(`SELECT sum(footer_size + 8)::BIGINT FROM parquet_file_metadata([${files}])`),
  );
}
