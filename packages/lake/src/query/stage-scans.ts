import { type ExecuteContext, TributaryError } from '@tributary/connector-sdk';
import type { FileScan } from '../prune/prune.js';
import type {
  CountedFile,
  FileAccess,
  ReadFile,
  StageContext,
  StagedFile,
  Staging,
  WantedFile,
} from '../source/file-access.js';
import { type LakeColumn, type TableFile, liveRows, storedColumn } from '../table/lake-table.js';
import { keptRows, rowCounts } from './kept-rows.js';
import { stageDeletions } from './stage-deletions.js';

/** The files of a scan, where DuckDB can read them. */
export interface StagedScan extends Omit<Staging, 'files'> {
  readonly files: readonly StagedFile[];
}

/** Puts the files of a scan where DuckDB can read them; those of which only the number of rows is wanted are not read. */
export async function stageScans(
  scans: readonly FileScan[],
  wanted: readonly LakeColumn[],
  {
    access,
    sourceId,
    ctx,
  }: {
    readonly access: FileAccess;
    readonly sourceId: string;
    readonly ctx: Pick<ExecuteContext, 'signal' | 'spool' | 'onProgress'>;
  },
): Promise<StagedScan> {
  const { signal, spool } = ctx;
  const context: StageContext = {
    sourceId,
    signal,
    spool,
    onProgress: (rows, bytes) => ctx.onProgress(rows, bytes),
  };
  const isRead = scans.map(({ file }) => !access.isRemote || readsColumn(file, wanted));
  const read = scans.filter((_, index) => isRead[index]).map((scan) => wantedFile(scan, sourceId));
  let staging = await access.stage(read, wanted, context);
  try {
    staging = await stageDeletions(staging, read, context);
    const { files: staged, ...rest } = staging;
    const queue: Iterator<ReadFile, undefined> = staged.values();
    const all: StagedFile[] = [];
    for (const [index, scan] of scans.entries()) {
      const next = isRead[index] === true ? queue.next().value : await countedFile(scan, signal);
      if (next !== undefined) all.push(next);
    }
    return { ...rest, files: all };
  } catch (error) {
    await staging.release();
    throw error;
  }
}

/** Whether a scan can do without the file's footer: its rows all pass and are counted, and nothing in it is wanted. */
export function isCountedByLog(scan: FileScan, wanted: readonly LakeColumn[]): boolean {
  const { description, statistics } = scan.file;
  const isCounted = description === undefined && statistics !== undefined && scan.exact;
  return isCounted && wanted.every((column) => column.origin === 'partition');
}

/** Whether a column that the scan wants stands in the file. */
function readsColumn({ description }: TableFile, wanted: readonly LakeColumn[]): boolean {
  if (description === undefined) return wanted.some((column) => column.origin === 'file');
  if (description.details.kind !== 'parquet') return true;
  return wanted.some((column) => column.origin === 'file' && storedColumn(description, column) !== undefined);
}

async function countedFile({ file, groups }: FileScan, signal: AbortSignal): Promise<CountedFile> {
  const { description, deleted } = file;
  if (description === undefined || groups === undefined) {
    return { kind: 'counted', file, rows: liveRows(file) ?? 0 };
  }
  const counts = rowCounts({ ...file, description });
  const rows = groups.reduce((sum, group) => sum + (counts[group] ?? 0), 0);
  const gone = deleted === undefined ? [] : keptRows(await deleted.rows(signal), counts, groups);
  return { kind: 'counted', file, rows: rows - gone.length };
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
