import type { DescribedFile } from '../table/lake-table.js';

/** The rows of each row group of a file. */
export function rowCounts({ description }: DescribedFile): readonly number[] {
  const { details } = description;
  return details.kind === 'parquet' ? details.footer.rowGroups.map((group) => group.rows) : [];
}

/**
 * @param numbers rows of a file, ascending
 * @param counts rows of its row groups
 * @param groups the row groups that are kept, ascending; all when absent
 * @returns those of the rows that lie in kept groups, counted within these
 */
export function keptRows(
  numbers: readonly number[],
  counts: readonly number[],
  groups: readonly number[] | undefined,
): readonly number[] {
  if (groups === undefined) return numbers;
  const kept = new Set(groups);
  const found: number[] = [];
  let at = 0;
  let start = 0;
  let dropped = 0;
  for (const [group, count] of counts.entries()) {
    const end = start + count;
    for (; at < numbers.length && (numbers[at] ?? end) < end; at += 1) {
      if (kept.has(group)) found.push((numbers[at] ?? 0) - dropped);
    }
    if (!kept.has(group)) dropped += count;
    start = end;
  }
  return found;
}
