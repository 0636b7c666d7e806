import {
  type DescribedTables,
  type FreshIds,
  type ReadForm as FormOfColumn,
  withReadForms,
} from '@tributary/connector-sdk/sql';
import type { Rel, ScanColumn } from '@tributary/contract/plan';
import type { DescribedTable } from '../discovery/describe-table.js';
import { privateFunctions } from '../dialect/private-functions.js';
import type { ReadForm } from '../types/column-type.js';

/** Every column in the form that discovery found it is to be read in (see `ReadForm`). */
export function withScanForms(rel: Rel, tables: DescribedTables<DescribedTable>, ids: FreshIds): Rel {
  return withReadForms(rel, (column, scan) => callOf(column, formOf(column, tables.of(scan))), ids);
}

/** A table that another source of the same server has described: text of unknown making is cast to be on the safe side. */
function formOf(column: ScanColumn, table: DescribedTable | undefined): ReadForm {
  if (table !== undefined) return table.mapped.get(column.name)?.form ?? 'plain';
  return column.type.id === 'varchar' || column.type.id === 'json' || column.type.id === 'enum'
    ? 'text'
    : 'plain';
}

const functionOf = {
  text: privateFunctions.text,
  'binary-collation': privateFunctions.bytes,
  double: privateFunctions.double,
} as const;

function callOf({ type }: ScanColumn, form: ReadForm): FormOfColumn | undefined {
  if (form === 'plain') return undefined;
  return (column) => ({ kind: 'call', fn: functionOf[form], args: [column], type });
}
