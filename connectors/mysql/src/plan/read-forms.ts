import { type ColumnRef, literal, type Rel, type ScanColumn, simpleType } from '@tributary/connector-sdk';
import { type DescribedTables, type ReadForm, withReadForms } from '@tributary/connector-sdk/sql';
import type { MySqlTable } from '../discovery/describe-table.js';
import { formFunction } from '../dialect/private-functions.js';
import type { ReadFormName } from '../types/column-type.js';
import type { ProductName } from '../product.js';
import { withGroupFilters } from './group-filters.js';
import { withFreeNullOrder } from './null-order.js';
import { withSafeOuterJoins } from './outer-joins.js';
import { withSuppliedConstants } from './supplied-constants.js';
import { withRawPredicates } from './raw-predicates.js';

/**
 * A relation as it is to be rendered: every column read in its form, what an index can answer asked of the bare column too, and what
 * the server gets wrong said in another way.
 */
export function preparedRelation(
  relation: Rel,
  tables: DescribedTables<MySqlTable>,
  product: ProductName | undefined,
): Rel {
  const ordered = withFreeNullOrder(relation);
  const joined = product === 'mariadb' ? ordered : withSafeOuterJoins(withSuppliedConstants(ordered));
  return withRawPredicates(
    withReadForms(withGroupFilters(joined), (column, scan) => {
      const form = formOf(column, tables.of(scan));
      return form === 'plain' ? undefined : inForm(form, column, tables.of(scan));
    }),
  );
}

/** Of a table that another source of the same server has described the text may be of any making: it is converted. */
function formOf(column: ScanColumn, table: MySqlTable | undefined): ReadFormName {
  if (table !== undefined) return table.columns.get(column.name)?.mapped.form ?? 'plain';
  switch (column.type.id) {
    case 'varchar':
    case 'json':
    case 'enum':
    case 'uuid':
      return 'text';
    case 'boolean':
      return 'truth';
    case 'ubigint':
      return 'number';
    default:
      return 'plain';
  }
}

function inForm(form: ReadFormName, column: ScanColumn, table: MySqlTable | undefined): ReadForm {
  const native = table?.columns.get(column.name)?.native;
  const varchar = simpleType('varchar');
  const origin =
    form === 'recoded' && native !== undefined
      ? [literal(varchar, native.characterSet), literal(varchar, native.collation)]
      : [];
  return (raw: ColumnRef) => ({
    kind: 'call',
    fn: formFunction(form),
    args: [raw, ...origin],
    type: column.type,
  });
}
