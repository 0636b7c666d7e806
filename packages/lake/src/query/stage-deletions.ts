import { parquetWriteBuffer } from 'hyparquet-writer';
import { writeFile, rm } from 'node:fs/promises';
import type { StageContext, ReadFile, Staging, WantedFile } from '../source/file-access.js';
import { keptRows, rowCounts } from './kept-rows.js';

/**
 * Writes the rows to leave out as a Parquet file that the scan joins, and names it in the staged files. Row numbers are those
 * of the staged files: where row groups were dropped, later rows have moved up.
 */
export async function stageDeletions(
  staging: Staging,
  scans: readonly WantedFile[],
  ctx: StageContext,
): Promise<Staging> {
  const paths: string[] = [];
  const rows: bigint[] = [];
  const marked = new Set<ReadFile>();
  for (const [index, staged] of staging.files.entries()) {
    const { deleted } = staged.file;
    if (deleted === undefined) continue;
    const numbers = await deleted.rows(ctx.signal);
    for (const row of staging.slim ? renumbered(numbers, scans[index], staged) : numbers) {
      paths.push(staged.path);
      rows.push(BigInt(row));
      marked.add(staged);
    }
  }
  if (marked.size === 0) return staging;
  const bytes = new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'f', data: paths, type: 'STRING' },
        { name: 'r', data: rows, type: 'INT64' },
      ],
    }),
  );
  const path = ctx.spool.newFile('.parquet');
  ctx.spool.reserve(bytes.length);
  const remove = async (): Promise<void> => {
    await rm(path, { force: true });
    ctx.spool.release(bytes.length);
  };
  await writeFile(path, bytes).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  return {
    ...staging,
    files: staging.files.map((file) => (marked.has(file) ? { ...file, deletions: path } : file)),
    release: async () => {
      await remove();
      await staging.release();
    },
  };
}

/** Rows of the row groups that were kept, by their position among these. */
function renumbered(
  numbers: readonly number[],
  scan: WantedFile | undefined,
  { file }: ReadFile,
): readonly number[] {
  return keptRows(numbers, rowCounts(file), scan?.groups);
}
