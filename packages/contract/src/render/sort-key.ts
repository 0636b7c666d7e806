import { type Expr, type SortKey, typeName, typeOf } from '../plan/index.js';
import { type ExprScope, renderExpr } from './expression.js';
import { suffices, valueFidelity } from './fidelity.js';
import { refuse } from './refusal.js';

export function sortList(keys: readonly SortKey[], scope: ExprScope): string {
  return keys.map((key) => renderSortKey(key, scope)).join(', ');
}

export function renderSortKey(key: SortKey, scope: ExprScope): string {
  return sortKeyText(key, renderExpr(key.expr, scope).sql, scope);
}

/** A sort key whose expression stands already as `sql`. */
export function sortKeyText(key: SortKey, sql: string, scope: ExprScope): string {
  needOrdered(key.expr, scope, 'COLUMN_NOT_ORDERED');
  const type = typeOf(key.expr);
  return (
    scope.dialect.sortKey(sql, type, key.descending, key.nullsFirst) ??
    refuse('SORT_DIFFERS', `values of ${typeName(type)} are ordered otherwise`)
  );
}

/** Refuses unless grouping by the expression's values agrees with the engine's. */
export function needGroupable(expr: Expr, scope: ExprScope): void {
  if (!suffices(valueFidelity(expr, scope.fidelity), 'equality')) refuse('COLUMN_NOT_COMPARABLE');
  const type = typeOf(expr);
  if (!scope.dialect.groupable(type))
    refuse('GROUPING_DIFFERS', `values of ${typeName(type)} are grouped otherwise`);
}

export function needOrdered(
  expr: Expr,
  scope: ExprScope,
  code: 'COLUMN_NOT_ORDERED' | 'COLUMN_NOT_COMPUTABLE' = 'COLUMN_NOT_COMPUTABLE',
): void {
  if (!suffices(valueFidelity(expr, scope.fidelity), 'ordered')) refuse(code);
}
