import { type Column, type ColumnId, type Expr, type KeySetId, sameType } from '@tributary/connector-sdk';
import type { RowGroup } from '../parquet/footer.js';
import { type LakeColumn, type LakeTable, type TableFile, findColumn } from '../table/lake-table.js';
import { type Outcomes, all } from './outcomes.js';
import { type Domain, type SortedKeys, setPredicate } from './predicate.js';
import { foldCase } from '../table/names.js';

/** Which files of a table a scan must read, and what was spared. */
export interface PrunedScan {
  readonly files: readonly TableFile[];
  readonly partitionPruned: number;
  /** Files dropped by the bounds in their footers. */
  readonly filePruned: number;
  /** Of the remaining files; undefined for formats without row groups. */
  readonly rowGroups?: { readonly matching: number; readonly total: number };
  /** Rows of the row groups that may match: no fewer than the answer has. */
  readonly rows: number;
  /** Whether every one of these rows is known to pass, and `rows` to be counted rather than estimated. */
  readonly exact: boolean;
  /** Compressed bytes of the wanted columns in those row groups (whole files for text). */
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
          return column && domainOf(column, table, file, group);
        }),
      ),
    );
  const inPartition = table.files.filter((file) => judge(file, undefined).true);
  const scans = inPartition.map((file) => scanFile(file, judge, request.columns));
  const kept = scans.filter((scan) => scan.matching > 0);
  const total = (of: (scan: FileScan) => number): number => kept.reduce((sum, scan) => sum + of(scan), 0);
  return {
    files: kept.map((scan) => scan.file),
    partitionPruned: table.files.length - inPartition.length,
    filePruned: scans.length - kept.length,
    ...(table.format === 'parquet' && {
      rowGroups: { matching: total((scan) => scan.matching), total: total((scan) => scan.total) },
    }),
    rows: total((scan) => scan.rows),
    exact: kept.every((scan) => scan.exact),
    bytes: total((scan) => scan.bytes),
  };
}

interface FileScan {
  readonly file: TableFile;
  readonly matching: number;
  readonly total: number;
  readonly rows: number;
  readonly exact: boolean;
  readonly bytes: number;
}

function scanFile(
  file: TableFile,
  judge: (file: TableFile, group: RowGroup | undefined) => Outcomes,
  wanted: readonly Column[],
): FileScan {
  const { details, estimatedRows } = file.description;
  if (details.kind !== 'parquet') {
    return { file, matching: 1, total: 1, rows: estimatedRows, exact: false, bytes: file.file.size };
  }
  const groups = details.footer.rowGroups.filter((group) => group.rows > 0);
  const matching = groups.flatMap((group) => {
    const outcomes = judge(file, group);
    return outcomes.true ? [{ group, exact: !outcomes.false && !outcomes.null }] : [];
  });
  return {
    file,
    matching: matching.length,
    total: groups.length,
    rows: matching.reduce((sum, { group }) => sum + group.rows, 0),
    exact: matching.every((entry) => entry.exact),
    bytes: matching.reduce((sum, { group }) => sum + bytesOf(group, wanted), 0),
  };
}

function bytesOf(group: RowGroup, wanted: readonly Column[]): number {
  const names = new Set(wanted.map((column) => foldCase(column.name)));
  let bytes = 0;
  for (const [name, column] of group.columns) if (names.has(foldCase(name))) bytes += column.compressedBytes;
  return bytes;
}

/** What is known of a column in one file, or in one row group of it. */
export function domainOf(
  column: LakeColumn,
  table: LakeTable,
  file: TableFile,
  group: RowGroup | undefined,
): Domain | undefined {
  if (column.origin === 'partition') {
    const value = file.partition.get(column.name) ?? null;
    if (value === null) return { mayBeNull: true, mayHaveValue: false };
    return { min: value, max: value, mayBeNull: false, mayHaveValue: true };
  }
  const { details, columns } = file.description;
  if (details.kind !== 'parquet') return undefined;
  const own = findColumn(columns, column.name);
  if (own === undefined) return { mayBeNull: true, mayHaveValue: false };
  if (group === undefined || own.type === undefined || own.type.id === 'unsupported') return undefined;
  const overridden = table.definition.types.has(foldCase(column.name));
  if (overridden && !sameType(own.type, column.type)) return undefined;
  const { min, max, nulls } = group.columns.get(own.name)?.bounds ?? {};
  return {
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    mayBeNull: nulls === undefined ? own.nullable : nulls > 0,
    mayHaveValue: nulls === undefined || nulls < group.rows,
  };
}
