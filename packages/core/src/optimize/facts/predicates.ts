import { type ColumnId, type Expr, type Rel, someExpr } from '@tributary/contract';
import { unique } from '../expressions/simplify-logic.js';

/** The relation with more conjuncts: merged into a filter that is already there, each conjunct once. */
export function filtered(input: Rel, predicates: readonly Expr[]): Rel {
  if (predicates.length === 0) return input;
  if (input.kind !== 'filter') return { kind: 'filter', input, predicates: unique(predicates) };
  const merged = unique([...input.predicates, ...predicates]);
  return merged.length === input.predicates.length ? input : { ...input, predicates: merged };
}

export function readsOnly(expr: Expr, columns: ReadonlySet<ColumnId>): boolean {
  return !someExpr(expr, (e) => e.kind === 'column' && !columns.has(e.id));
}

export function partition<T>(
  items: readonly T[],
  test: (item: T) => boolean,
): readonly [readonly T[], readonly T[]] {
  const yes: T[] = [];
  const no: T[] = [];
  for (const item of items) (test(item) ? yes : no).push(item);
  return [yes, no];
}
