import { type ColumnId, type Rel, rewriteRel, type SortKey } from '@tributary/connector-sdk';

/**
 * Sort keys of columns that hold no NULL take the place that NULLs have in MySQL anyway. `x IS NULL` before such a key would change
 * nothing but that no index answers the ORDER BY any more (MariaDB).
 */
export function withFreeNullOrder(relation: Rel): Rel {
  return rewriteRel(relation, (node) => {
    if (node.kind !== 'sort') return node;
    const never = neverNull(node.input);
    const keys = node.keys.map((key): SortKey => {
      const isFree = key.expr.kind === 'column' && never.has(key.expr.id);
      return isFree ? { ...key, nullsFirst: !key.descending } : key;
    });
    return { ...node, keys };
  });
}

/** Columns of a relation that are known to hold no NULL. */
function neverNull(rel: Rel): ReadonlySet<ColumnId> {
  switch (rel.kind) {
    case 'scan':
      return new Set(rel.columns.filter(({ nullable }) => !nullable).map(({ id }) => id));
    case 'filter':
    case 'sort':
    case 'limit':
      return neverNull(rel.input);
    case 'project': {
      const below = neverNull(rel.input);
      const handsOn = rel.columns.filter(({ expr }) => expr.kind === 'column' && below.has(expr.id));
      return new Set(handsOn.map(({ id }) => id));
    }
    case 'join':
      switch (rel.type) {
        case 'inner':
          return new Set([...neverNull(rel.left), ...neverNull(rel.right)]);
        case 'left':
        case 'semi':
        case 'anti':
          return neverNull(rel.left);
        default:
          return new Set();
      }
    default:
      return new Set();
  }
}
