import type { ScanRequest } from '@tributary/connector-sdk';
import type { FileScan, PrunedScan } from '../prune/prune.js';
import type { LakeTable } from '../table/lake-table.js';
import { rowCounts } from './kept-rows.js';

/**
 * As much of a scan as holds the rows that its LIMIT and OFFSET need, where every row that is read is known to pass. Files with
 * deleted rows are taken whole or not at all.
 */
export function enoughFor({ limit, offset = 0 }: ScanRequest, pruned: PrunedScan): PrunedScan {
  if (limit === undefined || !pruned.exact) return pruned;
  const wanted = limit + offset;
  const scans: FileScan[] = [];
  let rows = 0;
  for (const scan of pruned.scans) {
    if (rows >= wanted && scans.length > 0) break;
    const taken = scan.file.deleted === undefined ? firstGroups(scan, wanted - rows) : scan;
    scans.push(taken);
    rows += taken.rows;
  }
  return { ...pruned, scans, rows };
}

/** Of a sampled table, as many files with their footers as hold the rows that LIMIT and OFFSET need, or all. */
export async function describeEnough(
  { limit, offset = 0 }: ScanRequest,
  table: LakeTable,
  {
    batch,
    describe,
    prune,
  }: {
    readonly batch: number;
    describe(table: LakeTable): Promise<LakeTable>;
    prune(table: LakeTable): PrunedScan;
  },
): Promise<LakeTable> {
  if (limit === undefined) return describe(table);
  for (let count = batch; count < table.files.length; count *= 2) {
    const described = await describe({ ...table, files: table.files.slice(0, count) });
    const { exact, rows } = prune(described);
    if (exact && rows >= limit + offset) return described;
  }
  return describe(table);
}

function firstGroups(scan: FileScan, wanted: number): FileScan {
  const { description } = scan.file;
  if (scan.groups === undefined || description === undefined) return scan;
  const counts = rowCounts({ ...scan.file, description });
  const groups: number[] = [];
  let rows = 0;
  for (const group of scan.groups) {
    if (rows >= wanted && groups.length > 0) break;
    groups.push(group);
    rows += counts[group] ?? 0;
  }
  return { ...scan, groups, rows };
}
