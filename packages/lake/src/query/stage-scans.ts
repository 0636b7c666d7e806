import { type ExecuteContext, TributaryError } from '@tributary/connector-sdk';
import type { FileScan } from '../prune/prune.js';
import type { FileAccess, StageContext, StagedFile, Staging, WantedFile } from '../source/file-access.js';
import { type DescribedFile, type LakeColumn, type TableFile, storedColumn } from '../table/lake-table.js';
import { keptRows, rowCounts, stageDeletions } from './deletions.js';

/** Puts the files of a scan where DuckDB can read them; those of which only the number of rows is wanted are not read. */
export async function stageScans(
  scans: readonly FileScan[],
  wanted: readonly LakeColumn[],
  {
    access,
    sourceId,
    ctx,
  }: { readonly access: FileAccess; readonly sourceId: string; readonly ctx: ExecuteContext },
): Promise<Staging> {
  const { signal, spool } = ctx;
  const context: StageContext = {
    sourceId,
    signal,
    spool,
    onProgress: (rows, bytes) => ctx.onProgress(rows, bytes),
  };
  const files = scans.map((scan) => wantedFile(scan, sourceId));
  const isRead = files.map((file) => !access.isRemote || readsColumn(file.file, wanted));
  const read = files.filter((_, index) => isRead[index]);
  const staging = await access.stage(read, wanted, context);
  try {
    const { files: staged, ...rest } = await stageDeletions(staging, read, context);
    const queue = staged.values();
    const all: StagedFile[] = [];
    for (const [index, file] of files.entries()) {
      const next = isRead[index] === true ? queue.next().value : await countedFile(file, signal);
      if (next !== undefined) all.push(next);
    }
    return { ...rest, files: all };
  } catch (error) {
    await staging.release();
    throw error;
  }
}

/** Whether a column that the scan wants stands in the file. */
function readsColumn({ description }: DescribedFile, wanted: readonly LakeColumn[]): boolean {
  if (description.details.kind !== 'parquet') return true;
  return wanted.some((column) => column.origin === 'file' && storedColumn(description, column) !== undefined);
}

async function countedFile({ file, groups, rows }: WantedFile, signal: AbortSignal): Promise<StagedFile> {
  const deleted = file.deleted === undefined ? [] : await file.deleted.rows(signal);
  const gone = keptRows(deleted, rowCounts(file), groups).length;
  return { file, path: file.file.path, rowsOnly: rows - gone };
}

function wantedFile({ file, groups }: FileScan, sourceId: string): WantedFile {
  const { description } = file;
  if (description === undefined) throw undescribed(file, sourceId);
  const described = { ...file, description };
  if (groups === undefined) return { file: described, rows: description.estimatedRows };
  const counts = rowCounts(described);
  return { file: described, groups, rows: groups.reduce((sum, group) => sum + (counts[group] ?? 0), 0) };
}

function undescribed({ file }: TableFile, sourceId: string): TributaryError {
  return new TributaryError('ENGINE.INTERNAL', {
    message: `${file.path} was to be read before its footer was.`,
    sourceId,
    object: file.path,
  });
}
