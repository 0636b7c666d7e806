import { type Expr, conjuncts } from '../plan/index.js';
import type { ExprScope } from './expression.js';
import { renderExpr } from './expression.js';
import { inPlace, level } from './text.js';

/** The conjuncts as texts fit to stand beside AND, without those that hold whatever their values. */
export function conjunctTexts(predicates: readonly Expr[], scope: ExprScope): readonly string[] {
  return predicates
    .flatMap(conjuncts)
    .filter((predicate) => !isTautology(predicate, scope))
    .map((predicate) => inPlace(renderExpr(predicate, scope), level.not));
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
