import type { DescribedTables, FreshIds } from '@tributary/connector-sdk/sql';
import {
  type Rel,
  type Scan,
  type ScanColumn,
  columnRef,
  literal,
  simpleType,
} from '@tributary/contract/plan';
import { renderQuery } from '@tributary/contract/render';
import type { DescribedTable } from '../discovery/describe-table.js';
import { privateFunctions, renderingDialect } from '../dialect/private-functions.js';

/** Heap pages [from, to); no `to` for the last range, since a table may have grown since it was measured. */
export interface PageRange {
  readonly from: number;
  readonly to: number | undefined;
}

/** A scan that several connections can read, each its own range of pages. */
export interface SplitScan {
  readonly scan: Scan;
  readonly sqlOf: (range: PageRange) => string;
}

/**
 * A single scan with filters and projections over one heap, else undefined. PostgreSQL 14 and newer read
 * `ctid >= … AND ctid < …` as a TID range scan: only those pages.
 */
export function splitScan(
  rel: Rel,
  tables: DescribedTables<DescribedTable>,
  ids: FreshIds,
): SplitScan | undefined {
  const scan = onlyScan(rel);
  if (scan === undefined || tables.of(scan)?.isSingleHeap !== true) return undefined;
  const ctid: ScanColumn = {
    id: ids.take(),
    name: 'ctid',
    type: simpleType('varchar'),
    nullable: false,
    comparison: 'ordered',
  };
  return {
    scan,
    sqlOf: (range) => renderQuery(withRange(rel, ctid, range), { dialect: renderingDialect }).sql,
  };
}

function onlyScan(rel: Rel): Scan | undefined {
  switch (rel.kind) {
    case 'scan':
      return rel;
    case 'filter':
    case 'project':
      return onlyScan(rel.input);
    default:
      return undefined;
  }
}

function withRange(rel: Rel, ctid: ScanColumn, range: PageRange): Rel {
  if (rel.kind === 'filter' || rel.kind === 'project') {
    return { ...rel, input: withRange(rel.input, ctid, range) };
  }
  if (rel.kind !== 'scan') return rel;
  const bounds = [range.from, range.to].filter((page) => page !== undefined);
  return {
    kind: 'project',
    columns: rel.columns.map((column) => ({
      id: column.id,
      name: column.name,
      type: column.type,
      expr: columnRef(column),
    })),
    input: {
      kind: 'filter',
      input: { ...rel, columns: [...rel.columns, ctid] },
      predicates: [
        {
          kind: 'call',
          fn: privateFunctions.pageRange,
          args: [columnRef(ctid), ...bounds.map((page) => literal(simpleType('bigint'), String(page)))],
          type: simpleType('boolean'),
        },
      ],
    },
  };
}

/** `pages` cut into `count` ranges of the same size, the last one open. */
export function pageRanges(pages: number, count: number): readonly PageRange[] {
  const size = Math.max(1, Math.ceil(pages / count));
  const ranges = Math.max(1, Math.ceil(pages / size));
  return Array.from({ length: ranges }, (_, i) => ({
    from: i * size,
    to: i === ranges - 1 ? undefined : (i + 1) * size,
  }));
}
