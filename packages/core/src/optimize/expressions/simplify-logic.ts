import {
  type Expr,
  type Logical,
  type Not,
  compare,
  conjunction,
  conjuncts,
  falseLiteral,
  isTrue,
  trueLiteral,
} from '@tributary/contract';
import { expressionKey, isSameExpr } from '../facts/expression-key.js';
import { isVolatile } from '../facts/volatility.js';
import { booleanLiteral, isNullLiteral, negate, nullBoolean } from './simplify-comparison.js';

export function isFalse(expr: Expr): boolean {
  return expr.kind === 'literal' && expr.type.id === 'boolean' && expr.value === 'false';
}

export function unique(exprs: readonly Expr[]): readonly Expr[] {
  if (exprs.length < 2) return exprs;
  const seen = new Set<string>();
  const kept = exprs.filter((expr) => {
    const key = expressionKey(expr);
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew || isVolatile(expr);
  });
  return kept.length === exprs.length ? exprs : kept;
}

export function simplifyNot(expr: Not): Expr {
  const { arg } = expr;
  switch (arg.kind) {
    case 'literal':
      if (arg.value === null) return nullBoolean;
      return arg.type.id === 'boolean' ? booleanLiteral(arg.value === 'false') : expr;
    case 'not':
      return arg.arg;
    case 'compare':
      return compare(negate(arg.op), arg.left, arg.right);
    case 'is-null':
    case 'in':
      return { ...arg, negated: !arg.negated };
    case 'and':
    case 'or': {
      const args = arg.args.map((a) => simplifyNot({ kind: 'not', arg: a }));
      return simplifyLogic({ kind: arg.kind === 'and' ? 'or' : 'and', args });
    }
    case 'column':
    case 'parameter':
    case 'call':
    case 'in-key-set':
    case 'case':
    case 'cast':
      return expr;
  }
}

export function simplifyLogic(expr: Logical): Expr {
  return expr.kind === 'and' ? simplifyAnd(expr) : simplifyOr(expr);
}

function simplifyAnd(expr: Logical): Expr {
  const args = unique(conjuncts(expr));
  if (args.some(isFalse)) return falseLiteral;
  if (args.length > 0 && args.every(isNullLiteral)) return nullBoolean;
  return args.length === expr.args.length && args.every((a, i) => a === expr.args[i])
    ? expr
    : conjunction(args);
}

function disjuncts(expr: Expr): readonly Expr[] {
  return expr.kind === 'or' ? expr.args.flatMap(disjuncts) : [expr];
}

export function disjunction(args: readonly Expr[]): Expr {
  const [first] = args;
  if (first === undefined) return falseLiteral;
  return args.length === 1 ? first : { kind: 'or', args };
}

function simplifyOr(expr: Logical): Expr {
  const args = unique(disjuncts(expr).filter((a) => !isFalse(a)));
  if (args.some(isTrue)) return trueLiteral;
  if (args.length > 0 && args.every(isNullLiteral)) return nullBoolean;
  const factored = factorCommon(args);
  if (factored !== undefined) return factored;
  const lists = mergeEqualities(args);
  return lists.length === expr.args.length && lists.every((a, i) => a === expr.args[i])
    ? expr
    : disjunction(lists);
}

/** `(a AND b) OR (a AND c)` is `a AND (b OR c)`, in three-valued logic too. */
function factorCommon(args: readonly Expr[]): Expr | undefined {
  const [first, ...rest] = args.map(conjuncts);
  if (first === undefined || rest.length === 0) return undefined;
  const others = rest.map((branch) => new Set(branch.map(expressionKey)));
  const common = first.filter(
    (c) => !isVolatile(c) && others.every((branch) => branch.has(expressionKey(c))),
  );
  if (common.length === 0) return undefined;
  const shared = new Set(common.map(expressionKey));
  const remaining = [first, ...rest].map((branch) =>
    conjunction(branch.filter((c) => !shared.has(expressionKey(c)))),
  );
  const choice = simplifyLogic({ kind: 'or', args: remaining });
  return conjunction([...common, choice]);
}

/** `x = 1 OR x IN (2, 3)` as `x IN (1, 2, 3)`. */
function mergeEqualities(args: readonly Expr[]): readonly Expr[] {
  const merged: Expr[] = [];
  for (const arg of args) {
    const membership = asMembership(arg);
    const at =
      membership === undefined
        ? -1
        : merged.findIndex((other) => {
            const known = asMembership(other);
            return known !== undefined && isSameExpr(known.arg, membership.arg);
          });
    const earlier = merged[at] === undefined ? undefined : asMembership(merged[at]);
    if (membership === undefined || earlier === undefined) merged.push(arg);
    else {
      const list = unique([...earlier.list, ...membership.list]);
      merged[at] = { kind: 'in', arg: membership.arg, list, negated: false };
    }
  }
  return merged.length === args.length ? args : merged;
}

function asMembership(expr: Expr): { readonly arg: Expr; readonly list: readonly Expr[] } | undefined {
  if (expr.kind === 'in' && !expr.negated) return { arg: expr.arg, list: expr.list };
  if (expr.kind === 'compare' && expr.op === '=' && expr.right.kind === 'literal' && !isVolatile(expr.left)) {
    return { arg: expr.left, list: [expr.right] };
  }
  return undefined;
}
