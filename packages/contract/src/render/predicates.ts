import { type ColumnId, type Expr, columnsOf, conjuncts } from '../plan/index.js';
import type { BoundColumn } from './block.js';
import { type ExprScope, renderExpr } from './expression.js';
import type { JoinCondition } from './from-clause.js';
import type { Rendering } from './rendering.js';
import { inPlace, level } from './text.js';

/** The conjuncts as texts fit to stand beside AND, without those that hold whatever their values. */
export function conjunctTexts(predicates: readonly Expr[], scope: ExprScope): readonly string[] {
  return predicates
    .flatMap(conjuncts)
    .filter((predicate) => !isTautology(predicate, scope))
    .map((predicate) => inPlace(renderExpr(predicate, scope), level.not));
}

/** Conjuncts for ON, with the relations that they read. */
export function joinConditions(
  predicates: readonly Expr[],
  columns: ReadonlyMap<ColumnId, BoundColumn>,
  rendering: Rendering,
): readonly JoinCondition[] {
  const scope = rendering.scope(columns);
  return predicates.flatMap(conjuncts).flatMap((predicate) => {
    const bound = [...columnsOf(predicate)].map((id) => columns.get(id));
    const aliases = bound.every((column) => column?.simple === true)
      ? new Set(bound.map((column) => column?.sql.split('.', 1).join('') ?? ''))
      : undefined;
    return conjunctTexts([predicate], scope).map((text) => ({ text, aliases }));
  });
}

/** `x IS NOT DISTINCT FROM x`: a correlated column compared with the value it was given. */
function isTautology(predicate: Expr, scope: ExprScope): boolean {
  return (
    predicate.kind === 'compare' &&
    predicate.op === 'is-not-distinct' &&
    predicate.left.kind === 'column' &&
    predicate.right.kind === 'column' &&
    scope.column(predicate.left.id).sql === scope.column(predicate.right.id).sql
  );
}
