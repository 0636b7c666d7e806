import { type Comparison, type Expr, compare, isFloat, rewriteExpr, typeOf } from '@tributary/connector-sdk';

/**
 * Equality with a floating-point zero, said as two ranges. DuckDB 1.5.5 asks a Parquet file's Bloom filter for the zero's
 * bits, and so skips row groups that hold only the zero of the other sign, which is equal to it.
 */
export function rangesForZero(filter: Expr): Expr {
  return rewriteExpr(filter, (expr) => {
    if (expr.kind === 'compare' && isZero(expr.right)) return zeroRange(expr, expr.left, expr.right);
    if (expr.kind === 'compare' && isZero(expr.left)) return zeroRange(expr, expr.right, expr.left);
    if (expr.kind !== 'in' || !expr.list.some(isZero)) return expr;
    const equalities = expr.list.map((item) => rangesForZero(compare('=', expr.arg, item)));
    const isIn: Expr = { kind: 'or', args: equalities };
    return expr.negated ? { kind: 'not', arg: isIn } : isIn;
  });
}

/** Whether a key set must not be given to DuckDB: it makes an equality of a single key by itself. */
export function mayHoldZero(filter: Expr): boolean {
  return filter.kind === 'in-key-set' && filter.args.some((arg) => isFloat(typeOf(arg)));
}

function zeroRange(comparison: Comparison, value: Expr, zero: Expr): Expr {
  if (comparison.op === '=') {
    return { kind: 'and', args: [compare('<=', value, zero), compare('>=', value, zero)] };
  }
  if (comparison.op === '<>') {
    return { kind: 'or', args: [compare('<', value, zero), compare('>', value, zero)] };
  }
  return comparison;
}

function isZero(expr: Expr): boolean {
  return expr.kind === 'literal' && isFloat(expr.type) && expr.value !== null && Number(expr.value) === 0;
}
