import type { DataType, Expr, CallContextInfo } from '@tributary/connector-sdk';
import { type RuleArguments, constantText, rule, type FunctionRules } from '@tributary/connector-sdk/sql';

/** Far enough from the end of the format that rounding cannot reach it. */
const largest = 1e300;

/** A bound under which an addend cannot carry the largest double over the edge: half its last place. */
const harmlessAddend = 2 ** 969;

type Render = (args: RuleArguments, call: CallContextInfo) => string | undefined;

/**
 * DOUBLE. MySQL has no NaN and no infinities: where DuckDB says one of them MySQL fails or says NULL. So only what cannot get there is
 * here, which is arithmetic on exact numbers and with constants. Rounding is IEEE 754's in both.
 */
export const floatArithmetic: FunctionRules = [
  ['+', [rule(['double', 'double'], unlessTooLarge('+', isSafeSum))]],
  ['-', [rule(['double', 'double'], unlessTooLarge('-', isSafeSum)), rule(['double'], ([a]) => `(- ${a})`)]],
  ['*', [rule(['double', 'double'], unlessTooLarge('*', isSafeProduct))]],
  ['/', [rule(['double', 'double'], unlessTooLarge('/', isSafeQuotient))]],
  ['abs', [rule(['double'], ([a]) => `abs(${a})`)]],
  ['@', [rule(['double'], ([a]) => `abs(${a})`)]],
  ['floor', [rule(['double'], ([a]) => `floor(${a})`)]],
  ['ceil', [rule(['double'], ([a]) => `ceiling(${a})`)]],
  ['ceiling', [rule(['double'], ([a]) => `ceiling(${a})`)]],
  ['trunc', [rule(['double'], ([a]) => `truncate(${a}, 0)`)]],
];

function unlessTooLarge(operator: string, isSafe: (a: Expr, b: Expr) => boolean): Render {
  return ([a, b], { args: [left, right] }) =>
    left !== undefined && right !== undefined && isSafe(left, right) ? `(${a} ${operator} ${b})` : undefined;
}

function isSafeSum(a: Expr, b: Expr): boolean {
  const [left, right] = [magnitude(a), magnitude(b)];
  if (left !== undefined && right !== undefined) return left + right < largest;
  return (left ?? right ?? Infinity) <= harmlessAddend;
}

function isSafeProduct(a: Expr, b: Expr): boolean {
  const [left, right] = [magnitude(a), magnitude(b)];
  if (left !== undefined && right !== undefined) return left * right < largest;
  return (left ?? right ?? Infinity) <= 1;
}

/** Only by a constant: by zero DuckDB says an infinity or NaN. */
function isSafeQuotient(a: Expr, b: Expr): boolean {
  const divisor = constantMagnitude(b);
  if (divisor === undefined || divisor === 0) return false;
  return divisor >= 1 || (magnitude(a) ?? Infinity) / divisor < largest;
}

/** A bound on the absolute values of an expression; undefined where nothing is known (a DOUBLE column). */
function magnitude(expr: Expr): number | undefined {
  if (expr.kind === 'literal') return constantMagnitude(expr);
  if (expr.kind === 'cast')
    return expr.try || !('type' in expr.arg) ? undefined : exactMagnitude(expr.arg.type);
  if (expr.kind !== 'call') return undefined;
  const [a, b] = expr.args.map(magnitude);
  if (a === undefined) return undefined;
  if (expr.args.length === 1) return expr.fn === 'abs' || expr.fn === '-' ? a : undefined;
  if (b === undefined) return undefined;
  if (expr.fn === '*') return a * b;
  return expr.fn === '+' || expr.fn === '-' ? a + b : undefined;
}

function constantMagnitude(expr: Expr): number | undefined {
  const text = expr.kind === 'literal' ? constantText(expr) : undefined;
  const value = Math.abs(Number(text ?? Number.NaN));
  return Number.isFinite(value) ? value : undefined;
}

function exactMagnitude(type: DataType): number | undefined {
  switch (type.id) {
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'hugeint':
    case 'utinyint':
    case 'usmallint':
    case 'uinteger':
    case 'ubigint':
      return 2 ** 127;
    case 'decimal':
      return 10 ** (type.precision - type.scale);
    default:
      return undefined;
  }
}
