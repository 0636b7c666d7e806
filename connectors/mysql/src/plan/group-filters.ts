import { type ColumnId, columnsOf, type Filter, type Rel, rewriteRel } from '@tributary/connector-sdk';
import { unmerged } from './unmerged.js';

/**
 * Filters that read a group key stand over the groups as a table: in HAVING neither product knows a column of a key that is an
 * expression, which text under another collation is, nor MySQL a constant one.
 */
export function withGroupFilters(relation: Rel): Rel {
  return rewriteRel(relation, (node) =>
    node.kind === 'filter' && readsKeys(node) ? { ...node, input: unmerged(node.input) } : node,
  );
}

function readsKeys({ input, predicates }: Filter): boolean {
  const keys = groupKeys(input);
  return predicates.some((predicate) => [...columnsOf(predicate)].some((id) => keys.has(id)));
}

/** Columns of a relation that are group keys, or computed from them, in the same SELECT. */
function groupKeys(rel: Rel): ReadonlySet<ColumnId> {
  if (rel.kind === 'aggregate') return new Set(rel.groups.map(({ id }) => id));
  if (rel.kind === 'filter') return groupKeys(rel.input);
  if (rel.kind !== 'project') return new Set();
  const below = groupKeys(rel.input);
  const reading = rel.columns.filter(({ expr }) => [...columnsOf(expr)].some((id) => below.has(id)));
  return new Set(reading.map(({ id }) => id));
}
