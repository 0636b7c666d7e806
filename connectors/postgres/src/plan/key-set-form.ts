import type { DescribedTables } from '@tributary/connector-sdk/sql';
import { type Rel, type Scan, exprsOf, someExpr, visitRel } from '@tributary/contract/plan';
import type { SqlDialect } from '@tributary/contract/render';
import type { DescribedTable } from '../discovery/describe-table.js';

/**
 * Keys up to this many go as `= ANY ($1)`, a constant to the planner; it hashes them or looks each up. With more it takes an
 * index scan for dearer than it is: 10,000 keys of a table of 6 million rows become a scan of the whole table.
 */
export const fewKeys = 3_000;

/**
 * The form for many keys. Over one table with an index on the key, the array is made by a subquery: the planner then knows
 * nothing of its length, takes the index, and the index is read in the order of the keys. Anywhere else that ignorance
 * would be a danger (without an index every row would be compared with every key), and the keys are a table to join with.
 */
export function manyKeysForm(
  rel: Rel,
  tables: DescribedTables<DescribedTable>,
): NonNullable<SqlDialect['keySet']> {
  const isLookup = isIndexLookup(rel, tables);
  return (args, placeholders) => {
    const keys = placeholders.join(', ');
    if (args.length > 1) return `(${args.join(', ')}) IN (SELECT * FROM unnest(${keys}))`;
    const [arg = ''] = args;
    return isLookup ? `${arg} = ANY (ARRAY(SELECT unnest(${keys})))` : `${arg} IN (SELECT unnest(${keys}))`;
  };
}

/** One scan only, and every key set on the leading column of one of its indexes. */
function isIndexLookup(rel: Rel, tables: DescribedTables<DescribedTable>): boolean {
  const scans: Scan[] = [];
  visitRel(rel, (node) => {
    if (node.kind === 'scan') scans.push(node);
  });
  const [scan, ...others] = scans;
  if (scan === undefined || others.length > 0) return false;
  const indexes = tables.of(scan)?.schema.indexes ?? [];
  const leading = new Set(indexes.map(([first]) => first));
  const indexed = new Set(scan.columns.filter(({ name }) => leading.has(name)).map(({ id }) => id));
  let isIndexed = true;
  visitRel(rel, (node) => {
    for (const expr of exprsOf(node)) {
      const isOther = someExpr(expr, (each) => {
        if (each.kind !== 'in-key-set') return false;
        const [arg] = each.args;
        return arg?.kind !== 'column' || !indexed.has(arg.id);
      });
      if (isOther) isIndexed = false;
    }
  });
  return isIndexed;
}
