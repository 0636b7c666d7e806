import type { Column, ColumnId, Expr, KeySetId } from '@tributary/connector-sdk';
import type { RowGroup } from '../parquet/footer.js';
import {
  type LakeColumn,
  type LakeTable,
  type TableFile,
  findColumn,
  liveRows,
  storedColumn,
} from '../table/lake-table.js';
import { domainOf } from './domain-of.js';
import { type Outcomes, all } from './outcomes.js';
import { type SortedKeys, setPredicate } from './predicate.js';

/** Which files of a table a scan must read, and what was spared. */
export interface PrunedScan {
  readonly scans: readonly FileScan[];
  readonly partitionPruned: number;
  /** Files dropped by the bounds in their footers, or in the table's log. */
  readonly filePruned: number;
  /** Of the remaining files whose footers are known; undefined for formats without row groups. */
  readonly rowGroups?: { readonly matching: number; readonly total: number };
  /** Rows of the row groups that may match: no fewer than the answer has. */
  readonly rows: number;
  /** Whether every one of these rows is known to pass, and `rows` to be counted rather than estimated. */
  readonly exact: boolean;
  /** Compressed bytes of the wanted columns in those row groups (whole files for text). */
  readonly bytes: number;
  /** Bytes of all files of the table. */
  readonly totalBytes: number;
}

/** What a scan reads of one file. */
export interface FileScan {
  readonly file: TableFile;
  /** Row groups that may match, by position in the footer; absent while the footer is unknown, and for text. */
  readonly groups?: readonly number[];
  readonly totalGroups: number;
  /** Without the deleted ones, if the whole file is read. */
  readonly rows: number;
  readonly exact: boolean;
  readonly bytes: number;
}

export interface PruneRequest {
  readonly filters: readonly Expr[];
  /** Columns that the filters or the answer read. */
  readonly columns: readonly Column[];
  readonly keySets: ReadonlyMap<KeySetId, SortedKeys>;
}

/** Drops files and row groups of which partition values and footers prove that no row passes the filters. */
export function prune(table: LakeTable, request: PruneRequest): PrunedScan {
  const predicates = request.filters.map((filter) => setPredicate(filter, request.keySets));
  const columns = new Map<ColumnId, LakeColumn | undefined>(
    request.columns.map((column) => [column.id, findColumn(table.columns, column.name)]),
  );
  const judge = (file: TableFile, group: RowGroup | undefined): Outcomes =>
    all(
      predicates.map((predicate) =>
        predicate((id) => {
          const column = columns.get(id);
          return column && domainOf(column, file, group);
        }),
      ),
    );
  const wanted = [...columns.values()].filter((column) => column !== undefined);
  const possible = table.files.filter((file) => judge(file, undefined).true);
  const scans = possible.map((file) => scanFile(file, judge, wanted, table));
  const kept = scans.filter((scan) => scan.groups?.length !== 0);
  const inPartition = table.files.filter(
    (file) => judge({ file: file.file, partition: file.partition }, undefined).true,
  );
  const total = (of: (scan: FileScan) => number): number => kept.reduce((sum, scan) => sum + of(scan), 0);
  return {
    scans: kept,
    partitionPruned: table.files.length - inPartition.length,
    filePruned: inPartition.length - kept.length,
    ...(kept.some((scan) => scan.groups !== undefined) && {
      rowGroups: {
        matching: total((scan) => scan.groups?.length ?? 0),
        total: total((scan) => scan.totalGroups),
      },
    }),
    rows: total((scan) => scan.rows),
    exact: kept.every((scan) => scan.exact),
    bytes: total((scan) => scan.bytes),
    totalBytes: table.files.reduce((sum, { file }) => sum + file.size, 0),
  };
}

function scanFile(
  file: TableFile,
  judge: (file: TableFile, group: RowGroup | undefined) => Outcomes,
  wanted: readonly LakeColumn[],
  table: LakeTable,
): FileScan {
  const { description } = file;
  if (description?.details.kind !== 'parquet') {
    const outcomes = judge(file, undefined);
    const isCounted = table.format === 'parquet' && file.statistics !== undefined;
    const share = table.format === 'parquet' ? wanted.length / Math.max(table.columns.length, 1) : 1;
    return {
      file,
      totalGroups: 0,
      rows: liveRows(file) ?? 0,
      exact: isCounted && !outcomes.false && !outcomes.null,
      bytes: Math.round(file.file.size * share),
    };
  }
  const { rowGroups } = description.details.footer;
  const matching = rowGroups.flatMap((group, index) => {
    if (group.rows === 0) return [];
    const outcomes = judge(file, group);
    return outcomes.true ? [{ group, index, exact: !outcomes.false && !outcomes.null }] : [];
  });
  const nonEmpty = rowGroups.filter((group) => group.rows > 0).length;
  const rows = matching.reduce((sum, { group }) => sum + group.rows, 0);
  const whole = matching.length === nonEmpty;
  const names = new Set(wanted.flatMap((column) => storedColumn(description, column)?.name ?? []));
  return {
    file,
    groups: matching.map(({ index }) => index),
    totalGroups: nonEmpty,
    rows: whole ? Math.max(rows - (file.deleted?.count ?? 0), 0) : rows,
    exact: matching.every((entry) => entry.exact) && (whole || file.deleted === undefined),
    bytes: matching.reduce((sum, { group }) => sum + bytesOf(group, names), 0),
  };
}

function bytesOf(group: RowGroup, names: ReadonlySet<string>): number {
  let bytes = 0;
  for (const [name, column] of group.columns) if (names.has(name)) bytes += column.compressedBytes;
  return bytes;
}
