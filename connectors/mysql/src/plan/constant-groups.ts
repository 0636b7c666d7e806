import {
  columnRef,
  columnsOf,
  type Expr,
  outputOf,
  plain,
  type Rel,
  rewriteRel,
} from '@tributary/connector-sdk';
import { FreshIds } from '@tributary/connector-sdk/sql';

/**
 * Whatever reads a group key that is a constant reads the constant instead: MySQL 8.0.31 merges the derived table that names it, and
 * then knows no such column in HAVING. The key still groups, for without any there would be a row for no rows.
 */
export function withConstantGroups(relation: Rel): Rel {
  const ids = new FreshIds(relation);
  return rewriteRel(relation, (node) => {
    if (node.kind !== 'aggregate' || node.groupingSets !== undefined) return node;
    const constants = new Map(
      node.groups.flatMap(({ id, expr }) => {
        const constant = constantOf(expr, node.input);
        return constant === undefined ? [] : [[id, constant] as const];
      }),
    );
    if (constants.size === 0) return node;
    const columns = outputOf(node).map((column) => ({
      ...plain(column),
      expr: constants.get(column.id) ?? columnRef(column),
    }));
    const groups = node.groups.map((group) =>
      constants.has(group.id) ? { ...group, id: ids.take() } : group,
    );
    return { kind: 'project', input: { ...node, groups }, columns };
  });
}

/** What an expression over a relation is, if no row makes a difference to it. */
function constantOf(expr: Expr, input: Rel): Expr | undefined {
  if (columnsOf(expr).size === 0) return expr;
  if (expr.kind !== 'column') return undefined;
  if (input.kind === 'filter' || input.kind === 'sort') return constantOf(expr, input.input);
  if (input.kind !== 'project') return undefined;
  const below = input.columns.find(({ id }) => id === expr.id)?.expr;
  return below === undefined ? undefined : constantOf(below, input.input);
}
