import { type ColumnId, type Expr, type Rel, columnsOf, conjuncts, outputIds } from '../plan/index.js';

/** Whether at most one row of the relation has any given values in the key columns; with no keys: at most one row. */
function isUniqueBy(rel: Rel, keys: ReadonlySet<ColumnId>): boolean {
  switch (rel.kind) {
    case 'aggregate':
      return rel.groupingSets === undefined && rel.groups.every((group) => keys.has(group.id));
    case 'values':
      return rel.rows.length <= 1;
    case 'dependent-scan':
      return rel.columns.every((column) => keys.has(column.id));
    case 'limit':
      return isAtMostOne(rel.limit) || isUniqueBy(rel.input, keys);
    case 'distinct': {
      const on = rel.on ?? [];
      const ids =
        rel.on === undefined
          ? [...outputIds(rel.input)]
          : on.flatMap((e) => (e.kind === 'column' ? e.id : []));
      return (ids.length >= on.length && ids.every((id) => keys.has(id))) || isUniqueBy(rel.input, keys);
    }
    case 'project': {
      const through = rel.columns.flatMap((c) =>
        keys.has(c.id) && c.expr.kind === 'column' ? c.expr.id : [],
      );
      return isUniqueBy(rel.input, new Set(through));
    }
    case 'filter':
    case 'sort':
    case 'window':
      return isUniqueBy(rel.input, keys);
    case 'set-operation':
      return !rel.all && rel.columns.every((column) => keys.has(column.id));
    case 'join':
    case 'dependent-join':
      switch (rel.type) {
        case 'semi':
        case 'anti':
        case 'mark':
        case 'single':
          return isUniqueBy(rel.left, keys);
        case 'inner':
        case 'left':
          return isUniqueBy(rel.left, keys) && matchesAtMostOne(rel.on, rel.right);
        case 'right':
        case 'full':
          return false;
      }
    // falls through: the inner switch is exhaustive and always returns
    case 'scan':
    case 'cte-ref':
    case 'with':
    case 'remote':
      return false;
  }
}

/** Whether a join finds at most one row of its right side for a row of its left. */
export function matchesAtMostOne(on: readonly Expr[], right: Rel): boolean {
  const ids = outputIds(right);
  const keys = new Set<ColumnId>();
  for (const predicate of on.flatMap(conjuncts)) {
    if (predicate.kind !== 'compare' || (predicate.op !== '=' && predicate.op !== 'is-not-distinct'))
      continue;
    for (const [side, other] of [
      [predicate.left, predicate.right],
      [predicate.right, predicate.left],
    ] as const) {
      if (side.kind === 'column' && ids.has(side.id) && [...columnsOf(other)].every((id) => !ids.has(id)))
        keys.add(side.id);
    }
  }
  return isUniqueBy(right, keys);
}

function isAtMostOne(limit: Expr | undefined): boolean {
  return limit?.kind === 'literal' && (limit.value === '0' || limit.value === '1');
}
