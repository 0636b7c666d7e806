import { type ColumnId, type Rel, outputOf } from '@tributary/contract';

const known = new WeakMap<Rel, ReadonlySet<ColumnId>>();

/** The ids of the relation's columns. Kept by relation, so the set must not be changed. */
export function outputIdsOf(rel: Rel): ReadonlySet<ColumnId> {
  const found = known.get(rel);
  if (found !== undefined) return found;
  const ids = new Set(outputOf(rel).map((column) => column.id));
  known.set(rel, ids);
  return ids;
}
