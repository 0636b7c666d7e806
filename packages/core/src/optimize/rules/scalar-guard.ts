import { type Rel, literal } from '@tributary/contract';
import { nodeRule } from '../rule.js';

/**
 * The binder guards a scalar subquery with `first(x), count(*)` and an error for more than one row. Over a relation of
 * exactly one row both are known.
 */
export const scalarGuard = nodeRule(
  'scalar-guard',
  'Drops the one-row check of a scalar subquery that always yields one row.',
  (rel) => {
    if (rel.kind !== 'aggregate' || rel.groups.length > 0 || rel.groupingSets !== undefined) return rel;
    if (!isOneRow(rel.input) || (rel.groupingFunctions ?? []).length > 0) return rel;
    const columns = rel.aggregates.flatMap(({ call, ...column }) => {
      if (call.filter !== undefined) return [];
      const [arg] = call.args;
      if (call.fn === 'count_star') return [{ ...column, expr: literal(column.type, '1') }];
      const passes = call.fn === 'first' || call.fn === 'any_value';
      return passes && arg !== undefined ? [{ ...column, expr: arg }] : [];
    });
    return columns.length === rel.aggregates.length ? { kind: 'project', input: rel.input, columns } : rel;
  },
);

/** Whether the relation yields one row, whatever the data. */
function isOneRow(rel: Rel): boolean {
  switch (rel.kind) {
    case 'values':
      return rel.rows.length === 1;
    case 'aggregate':
      return rel.groups.length === 0 && rel.groupingSets === undefined;
    case 'project':
    case 'window':
    case 'sort':
    case 'distinct':
      return isOneRow(rel.input);
    case 'with':
      return isOneRow(rel.body);
    case 'join':
    case 'dependent-join':
      switch (rel.type) {
        case 'inner':
          return rel.on.length === 0 && isOneRow(rel.left) && isOneRow(rel.right);
        case 'single':
        case 'mark':
          return isOneRow(rel.left);
        case 'left':
        case 'right':
        case 'full':
        case 'semi':
        case 'anti':
          return false;
      }
    // falls through: the inner switch is exhaustive and always returns
    case 'scan':
    case 'filter':
    case 'dependent-scan':
    case 'set-operation':
    case 'limit':
    case 'cte-ref':
    case 'remote':
      return false;
  }
}
