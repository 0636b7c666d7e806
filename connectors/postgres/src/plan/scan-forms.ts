import {
  type Column,
  type Expr,
  type Rel,
  type Scan,
  type ScanColumn,
  columnRef,
  outputOf,
  plain,
  rewriteRel,
  visitRel,
} from '@tributary/contract/plan';
import type { DescribedTable } from '../discovery/describe-table.js';
import { privateFunctions } from '../dialect/private-functions.js';
import type { ReadForm } from '../types/column-type.js';
import type { DescribedTables } from './described-tables.js';

/** Ids for columns that planning adds. */
export class FreshIds {
  #next: number;

  constructor(rel: Rel) {
    let highest = 0;
    visitRel(rel, (node) => {
      for (const column of outputOf(node)) highest = Math.max(highest, column.id);
    });
    this.#next = highest + 1;
  }

  take(): number {
    const id = this.#next;
    this.#next += 1;
    return id;
  }
}

/**
 * Puts a projection over each scan that has columns to be read in another form (see `ReadForm`), so that every expression above
 * sees values of exactly the column's type.
 */
export function withScanForms(rel: Rel, tables: DescribedTables, ids: FreshIds): Rel {
  return rewriteRel(rel, (node) => (node.kind === 'scan' ? scanWithForms(node, tables.of(node), ids) : node));
}

function scanWithForms(scan: Scan, table: DescribedTable | undefined, ids: FreshIds): Rel {
  const forms = scan.columns.map((column) => formOf(column, table));
  if (forms.every((form) => form === 'plain')) return scan;
  const raw = scan.columns.map((column, i): ScanColumn =>
    forms[i] === 'plain' ? column : { ...column, id: ids.take(), comparison: 'ordered' },
  );
  return {
    kind: 'project',
    input: { ...scan, columns: raw },
    columns: scan.columns.map((column, i) => ({
      ...plain(column),
      expr: inForm(raw[i] ?? column, forms[i] ?? 'plain'),
    })),
  };
}

/** A table that another source of the same server has described: text of unknown making is cast to be on the safe side. */
function formOf(column: ScanColumn, table: DescribedTable | undefined): ReadForm {
  if (table !== undefined) return table.mapped.get(column.name)?.form ?? 'plain';
  return column.type.id === 'varchar' || column.type.id === 'json' || column.type.id === 'enum'
    ? 'text'
    : 'plain';
}

function inForm(column: Column, form: ReadForm): Expr {
  const ref = columnRef(column);
  switch (form) {
    case 'plain':
      return ref;
    case 'text':
      return { kind: 'call', fn: privateFunctions.text, args: [ref], type: column.type };
    case 'binary-collation':
      return { kind: 'call', fn: privateFunctions.bytes, args: [ref], type: column.type };
    case 'double':
      return { kind: 'call', fn: privateFunctions.double, args: [ref], type: column.type };
  }
}
