import type { Expr } from '@tributary/contract';

const keys = new WeakMap<Expr, string>();

/** Equal for expressions that are the same; kept, because rules compare the same expressions again and again. */
export function expressionKey(expr: Expr): string {
  const known = keys.get(expr);
  if (known !== undefined) return known;
  const key = JSON.stringify(expr);
  keys.set(expr, key);
  return key;
}

export function isSameExpr(a: Expr, b: Expr): boolean {
  return a === b || (a.kind === b.kind && expressionKey(a) === expressionKey(b));
}
