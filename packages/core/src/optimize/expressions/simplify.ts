import {
  type Call,
  type Case,
  type Cast,
  type ColumnId,
  type Expr,
  type IsNull,
  conjuncts,
  falseLiteral,
  isFalseOrNull,
  isTrue,
  literal,
  rewriteExpr,
  sameType,
  typeOf,
} from '@tributary/contract';
import { isSameExpr } from '../facts/expression-key.js';
import { isVolatile } from '../facts/volatility.js';
import { foldCast } from './fold-cast.js';
import { booleanLiteral, isNullLiteral, simplifyComparison, simplifyIn } from './simplify-comparison.js';
import { isFalse, simplifyLogic, simplifyNot, unique } from './simplify-logic.js';
import { strictFunctions } from './strict.js';

const noColumns: ReadonlySet<ColumnId> = new Set();

/** Results, and that a result is as simple as it gets: plans are simplified again after every other rule. */
const simplified = new WeakMap<Expr, Expr>();

/** Rewrites to a smaller expression of the same value, NULL included. */
export function simplify(expr: Expr): Expr {
  const known = simplified.get(expr);
  if (known !== undefined) return known;
  const simple = rewriteExpr(expr, simplifyNode);
  simplified.set(expr, simple);
  simplified.set(simple, simple);
  return simple;
}

function simplifyNode(expr: Expr): Expr {
  switch (expr.kind) {
    case 'column':
    case 'literal':
    case 'parameter':
    case 'in-key-set':
      return expr;
    case 'call':
      return simplifyCall(expr);
    case 'compare':
      return simplifyComparison(expr);
    case 'and':
    case 'or':
      return simplifyLogic(expr);
    case 'not':
      return simplifyNot(expr);
    case 'is-null':
      return simplifyIsNull(expr, noColumns);
    case 'in':
      return simplifyIn(expr);
    case 'case':
      return simplifyCase(expr);
    case 'cast':
      return simplifyCast(expr);
  }
}

function simplifyCall(expr: Call): Expr {
  if (strictFunctions.has(expr.fn) && expr.args.some(isNullLiteral)) return literal(expr.type, null);
  return expr;
}

function simplifyIsNull(expr: IsNull, nonNull: ReadonlySet<ColumnId>): Expr {
  if (expr.arg.kind === 'literal') return booleanLiteral((expr.arg.value === null) !== expr.negated);
  if (expr.arg.kind === 'column' && nonNull.has(expr.arg.id)) return booleanLiteral(expr.negated);
  return expr;
}

function simplifyCase(expr: Case): Expr {
  const branches: { readonly when: Expr; readonly then: Expr }[] = [];
  let { otherwise } = expr;
  for (const branch of expr.branches) {
    if (isFalseOrNull(branch.when)) continue;
    if (isTrue(branch.when)) {
      otherwise = branch.then;
      break;
    }
    branches.push(branch);
  }
  if (branches.length === 0) return sameType(typeOf(otherwise), expr.type) ? otherwise : expr;
  return branches.length === expr.branches.length ? expr : { ...expr, branches, otherwise };
}

function simplifyCast(expr: Cast): Expr {
  if (sameType(typeOf(expr.arg), expr.type)) return expr.arg;
  return expr.arg.kind === 'literal' ? (foldCast(expr.arg, expr.type) ?? expr) : expr;
}

/**
 * The conjuncts of a filter, simplified where NULL counts as false. An impossible filter is the single `false`; one that
 * keeps every row is the empty list. The same array when nothing changed.
 */
export function simplifyPredicates(
  predicates: readonly Expr[],
  nonNull: ReadonlySet<ColumnId> = noColumns,
): readonly Expr[] {
  const simple = unique(predicates.flatMap((p) => conjuncts(asPredicate(simplify(p), nonNull))));
  if (simple.some(isFalseOrNull)) {
    return predicates.length === 1 && isFalse(predicates[0] ?? falseLiteral) ? predicates : [falseLiteral];
  }
  const same = simple.length === predicates.length && simple.every((p, i) => p === predicates[i]);
  return same ? predicates : simple;
}

/** What may be said more simply because only `true` counts. */
function asPredicate(expr: Expr, nonNull: ReadonlySet<ColumnId>): Expr {
  switch (expr.kind) {
    case 'compare':
      if (isSameExpr(expr.left, expr.right) && !isVolatile(expr.left)) return sameSides(expr, nonNull);
      if (expr.op === 'is-not-distinct' && (isKnown(expr.left, nonNull) || isKnown(expr.right, nonNull))) {
        return { ...expr, op: '=' };
      }
      return expr;
    case 'and':
    case 'or': {
      const args = expr.args.map((a) => asPredicate(a, nonNull));
      return args.every((a, i) => a === expr.args[i]) ? expr : simplifyLogic({ ...expr, args });
    }
    case 'in': {
      if (expr.negated) return expr.list.some(isNullLiteral) ? falseLiteral : expr;
      const list = expr.list.filter((item) => !isNullLiteral(item));
      if (list.length === 0) return falseLiteral;
      return list.length === expr.list.length ? expr : simplifyIn({ ...expr, list });
    }
    case 'is-null':
      return simplifyIsNull(expr, nonNull);
    case 'column':
    case 'literal':
    case 'parameter':
    case 'call':
    case 'not':
    case 'in-key-set':
    case 'case':
    case 'cast':
      return expr;
  }
}

function isKnown(expr: Expr, nonNull: ReadonlySet<ColumnId>): boolean {
  return expr.kind === 'literal' ? expr.value !== null : expr.kind === 'column' && nonNull.has(expr.id);
}

/** `x op x`, which depends on nothing but whether x is NULL. */
function sameSides(expr: Expr & { readonly kind: 'compare' }, nonNull: ReadonlySet<ColumnId>): Expr {
  switch (expr.op) {
    case '=':
    case '<=':
    case '>=':
      return simplifyIsNull({ kind: 'is-null', arg: expr.left, negated: true }, nonNull);
    case '<>':
    case '<':
    case '>':
    case 'is-distinct':
      return falseLiteral;
    case 'is-not-distinct':
      return booleanLiteral(true);
  }
}
