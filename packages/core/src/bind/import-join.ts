import {
  type Column,
  type ColumnId,
  type Expr,
  type JoinType,
  type Rel,
  compare,
  outputOf,
} from '@tributary/contract/plan';
import { comparisonOp, importExpression } from './import-expression.js';
import { type JsonObject, Unimportable, arrayAt, isObject, objectAt, objectsAt, stringAt } from './json.js';

const joinTypes: Readonly<Record<string, JoinType>> = {
  INNER: 'inner',
  LEFT: 'left',
  RIGHT: 'right',
  OUTER: 'full',
  FULL: 'full',
  SEMI: 'semi',
  ANTI: 'anti',
  MARK: 'mark',
  SINGLE: 'single',
};

/** What a bound join says beside its two sides. */
export function importJoinDetails(
  node: JsonObject,
  left: Rel,
  right: Rel,
  newId: () => ColumnId,
): { readonly type: JoinType; readonly on: readonly Expr[]; readonly mark?: Column } {
  const name = stringAt(node, 'join_type');
  const type = joinTypes[name];
  if (type === undefined) throw new Unimportable(`join type ${name}`);
  for (const map of ['left_projection_map', 'right_projection_map']) {
    if (arrayAt(node, map).length > 0) throw new Unimportable('a join with a projection map');
  }
  const leftColumns = outputOf(left);
  const rightColumns = outputOf(right);
  const both = [...leftColumns, ...rightColumns];
  const on = (Array.isArray(node['conditions']) ? objectsAt(node, 'conditions') : []).map((c) =>
    compare(
      comparisonOp(stringAt(c, 'comparison')),
      importExpression(objectAt(c, 'left'), leftColumns),
      importExpression(objectAt(c, 'right'), rightColumns),
    ),
  );
  const extra = [node['predicate'], node['condition']].filter(isObject).map((e) => importExpression(e, both));
  const mark =
    type === 'mark' ? { mark: { id: newId(), name: 'mark', type: { id: 'boolean' } as const } } : {};
  return { type, on: [...on, ...extra], ...mark };
}
