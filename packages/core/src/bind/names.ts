import type { Column, Expr } from '@tributary/contract/plan';
import { type JsonObject, stringAt } from './json.js';

/** The name that a statement gives; for `GROUP BY 1` the binder writes the position instead. */
export function aliasOf(node: JsonObject): string | undefined {
  const alias = stringAt(node, 'alias');
  return alias === '' || /^\d+$/.test(alias) ? undefined : alias;
}

/** The name of the column that an expression hands on. */
export function inheritedName(expr: Expr, input: readonly Column[]): string | undefined {
  return expr.kind === 'column' ? input.find((c) => c.id === expr.id)?.name : undefined;
}
