import {
  type DataType,
  type Expr,
  type Literal,
  type Rel,
  childrenOf,
  exprsOf,
  literal,
  mapChildren,
  mapExprs,
  rewriteRel,
  someExpr,
  typeName,
  typeOf,
  visitRel,
} from '@tributary/contract/plan';
import { isPerStatement, isQueryConstant } from '../facts/volatility.js';

/** Evaluates constant SQL expressions to text; rejects when one of them fails. */
export type Evaluate = (expressions: readonly string[]) => Promise<readonly (string | null)[]>;

export interface FoldedPlan {
  readonly relation: Rel;
  /** False when a value in the plan is true of this run only. */
  readonly reusable: boolean;
}

/**
 * Replaces constant expressions (`CAST('1998-12-01' AS DATE) - INTERVAL 90 DAY`) by their values, asking DuckDB for all
 * of them at once. What fails to evaluate stays: it may stand in a branch that never runs.
 */
export async function foldConstants(
  relation: Rel,
  render: (expr: Expr) => string,
  evaluate: Evaluate,
): Promise<FoldedPlan> {
  const constants = new Map<string, Expr>();
  visitRel(relation, (rel) => {
    for (const expr of exprsOf(rel)) collect(expr, constants);
  });
  if (constants.size === 0) return { relation, reusable: true };
  const texts = [...constants.keys()];
  const exprs = [...constants.values()];
  const values = await evaluateAll(exprs.map(render), evaluate);
  const known = new Map<string, Literal>();
  for (const [i, expr] of exprs.entries()) {
    const value = values[i];
    const text = texts[i];
    if (value !== undefined && text !== undefined) known.set(text, literal(typeOf(expr), value));
  }
  const replace = (expr: Expr): Expr => {
    if (childrenOf(expr).length === 0 && expr.kind !== 'call') return expr;
    return (isFoldable(expr) && known.get(JSON.stringify(expr))) || mapChildren(expr, replace);
  };
  return {
    relation: rewriteRel(relation, (rel) => mapExprs(rel, replace)),
    reusable: !exprs.some(isPerStatement),
  };
}

/** The largest constant subtrees, by their text. */
function collect(expr: Expr, into: Map<string, Expr>): void {
  if (isFoldable(expr)) {
    into.set(JSON.stringify(expr), expr);
    return;
  }
  for (const child of childrenOf(expr)) collect(child, into);
}

function isFoldable(expr: Expr): boolean {
  if (expr.kind === 'literal' || !hasTextForm(typeOf(expr))) return false;
  return isQueryConstant(expr) && !someExpr(expr, (e) => e.kind === 'parameter');
}

/** Whether a value survives the way through text. */
function hasTextForm(type: DataType): boolean {
  return !/[[({]/.test(typeName(type).replace(/^DECIMAL\(.*\)$/, '')) && type.id !== 'null';
}

/** All at once; where one fails, each alone. Undefined for what cannot be evaluated. */
async function evaluateAll(
  expressions: readonly string[],
  evaluate: Evaluate,
): Promise<readonly (string | null | undefined)[]> {
  try {
    return await evaluate(expressions);
  } catch {
    if (expressions.length === 1) return [undefined];
    const results: (string | null | undefined)[] = [];
    for (const expression of expressions) results.push(...(await evaluateAll([expression], evaluate)));
    return results;
  }
}
