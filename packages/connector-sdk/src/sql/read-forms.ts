import {
  type ColumnRef,
  type Expr,
  type Rel,
  type Scan,
  type ScanColumn,
  columnRef,
  plain,
  rewriteRel,
} from '@tributary/contract/plan';
import { FreshIds } from './fresh-ids.js';

/** How a column is to be read; undefined: as it is. */
export type ReadForm = (column: ColumnRef) => Expr;

/**
 * Puts a projection over each scan that has columns to be read in another form (under a binary collation, as text), so that every
 * expression above sees values of exactly the column's type. The form is usually a call of a function that only the dialect
 * knows.
 */
export function withReadForms(
  rel: Rel,
  formOf: (column: ScanColumn, scan: Scan) => ReadForm | undefined,
  ids: FreshIds = new FreshIds(rel),
): Rel {
  return rewriteRel(rel, (node) => (node.kind === 'scan' ? scanWithForms(node, formOf, ids) : node));
}

function scanWithForms(
  scan: Scan,
  formOf: (column: ScanColumn, scan: Scan) => ReadForm | undefined,
  ids: FreshIds,
): Rel {
  const forms = scan.columns.map((column) => formOf(column, scan));
  if (forms.every((form) => form === undefined)) return scan;
  const raw = scan.columns.map((column, i): ScanColumn =>
    forms[i] === undefined ? column : { ...column, id: ids.take(), comparison: 'ordered' },
  );
  return {
    kind: 'project',
    input: { ...scan, columns: raw },
    columns: scan.columns.map((column, i) => {
      const ref = columnRef(raw[i] ?? column);
      return { ...plain(column), expr: forms[i]?.(ref) ?? ref };
    }),
  };
}
