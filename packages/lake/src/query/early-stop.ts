import type { ScanRequest } from '@tributary/connector-sdk';
import type { FileScan, PrunedScan } from '../prune/prune.js';
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
