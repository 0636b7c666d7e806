import {
  type Comparison,
  type ComparisonOp,
  type Expr,
  type InList,
  type Literal,
  compare,
  falseLiteral,
  flip,
  literal,
  sameType,
  trueLiteral,
  typeOf,
} from '@tributary/contract';
import { expressionKey } from '../facts/expression-key.js';
import { unwrapComparison, unwrapList } from './unwrap-cast.js';
import { compareValues } from './values.js';

export const nullBoolean: Literal = literal({ id: 'boolean' }, null);

export function booleanLiteral(value: boolean): Literal {
  return value ? trueLiteral : falseLiteral;
}

export function isNullLiteral(expr: Expr): boolean {
  return expr.kind === 'literal' && expr.value === null;
}

/** The operator that is true where `op` is false, and NULL where it is NULL. */
export function negate(op: ComparisonOp): ComparisonOp {
  switch (op) {
    case '=':
      return '<>';
    case '<>':
      return '=';
    case '<':
      return '>=';
    case '<=':
      return '>';
    case '>':
      return '<=';
    case '>=':
      return '<';
    case 'is-distinct':
      return 'is-not-distinct';
    case 'is-not-distinct':
      return 'is-distinct';
  }
}

export function simplifyComparison(expr: Comparison): Expr {
  const turned =
    expr.left.kind === 'literal' && expr.right.kind !== 'literal'
      ? compare(flip(expr.op), expr.right, expr.left)
      : expr;
  const { left, right, op } = turned;
  if (isNullLiteral(right) || isNullLiteral(left)) return withNull(turned);
  if (left.kind === 'literal' && right.kind === 'literal') return compareLiterals(op, left, right) ?? turned;
  return unwrapComparison(turned) ?? turned;
}

/** A comparison one of whose sides is the NULL literal. */
function withNull(expr: Comparison): Expr {
  if (expr.op !== 'is-distinct' && expr.op !== 'is-not-distinct') return nullBoolean;
  const negated = expr.op === 'is-distinct';
  const other = isNullLiteral(expr.right) ? expr.left : expr.right;
  if (other.kind === 'literal') return booleanLiteral((other.value === null) !== negated);
  return { kind: 'is-null', arg: other, negated };
}

function compareLiterals(op: ComparisonOp, left: Literal, right: Literal): Expr | undefined {
  if (left.value === null || right.value === null || !sameType(left.type, right.type)) return undefined;
  const order = compareValues(left.type, left.value, right.value);
  return order === undefined ? undefined : booleanLiteral(holds(op, order));
}

function holds(op: ComparisonOp, order: number): boolean {
  switch (op) {
    case '=':
    case 'is-not-distinct':
      return order === 0;
    case '<>':
    case 'is-distinct':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

export function simplifyIn(expr: InList): Expr {
  if (isNullLiteral(expr.arg)) return nullBoolean;
  const distinct = [...new Map(expr.list.map((item) => [expressionKey(item), item])).values()];
  const [first] = distinct;
  if (first === undefined) return expr;
  if (distinct.length === 1) return simplifyComparison(compare(expr.negated ? '<>' : '=', expr.arg, first));
  const folded = foldMembership(expr.arg, distinct);
  if (folded !== undefined) return booleanLiteral(folded !== expr.negated);
  const unwrapped = unwrapList(expr.arg, distinct);
  if (unwrapped !== undefined) return { ...expr, arg: unwrapped[0], list: unwrapped[1] };
  return distinct.length === expr.list.length ? expr : { ...expr, list: distinct };
}

function foldMembership(arg: Expr, list: readonly Expr[]): boolean | undefined {
  if (arg.kind !== 'literal' || arg.value === null) return undefined;
  let found = false;
  for (const item of list) {
    if (item.kind !== 'literal' || item.value === null || !sameType(typeOf(item), arg.type)) return undefined;
    const order = compareValues(arg.type, arg.value, item.value);
    if (order === undefined) return undefined;
    found ||= order === 0;
  }
  return found;
}
