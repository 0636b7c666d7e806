import {
  type Comparison,
  type ComparisonOp,
  type DataType,
  type Expr,
  type Literal,
  compare,
  isInteger,
  literal,
  sameType,
  typeOf,
} from '@tributary/contract';
import { integerRange } from './fold-cast.js';
import {
  formatDate,
  formatExact,
  microsPerDay,
  parseDouble,
  parseExact,
  parseTimestamp,
  rescale,
} from './values.js';

/** Whether the cast maps distinct values to distinct values, keeps their order, and never fails. */
export function isLosslessCast(from: DataType, to: DataType): boolean {
  if (sameType(from, to)) return true;
  const source = integerRange(from);
  const target = integerRange(to);
  if (source !== undefined && target !== undefined) return source[0] >= target[0] && source[1] <= target[1];
  if (source !== undefined && to.id === 'decimal') {
    return source[1] < 10n ** BigInt(to.precision - to.scale);
  }
  // 2^53 is the last integer below which every integer is a double.
  if (source !== undefined && to.id === 'double') return source[1] <= 2n ** 53n;
  if (from.id === 'decimal' && to.id === 'decimal') {
    return to.scale >= from.scale && to.precision - to.scale >= from.precision - from.scale;
  }
  return (from.id === 'date' && to.id === 'timestamp') || (from.id === 'float' && to.id === 'double');
}

/** The argument of a lossless cast. */
function unwrapped(expr: Expr): Expr | undefined {
  return expr.kind === 'cast' && isLosslessCast(typeOf(expr.arg), expr.type) ? expr.arg : undefined;
}

/**
 * `CAST(x AS wide) op literal` as `x op' narrow literal`, so that a source sees its own column, its indexes and its
 * statistics. Undefined where the literal lies outside the narrow type.
 */
export function unwrapComparison(expr: Comparison): Expr | undefined {
  const left = unwrapped(expr.left);
  if (left === undefined) return undefined;
  const right = unwrapped(expr.right);
  if (right !== undefined && sameType(typeOf(left), typeOf(right))) return compare(expr.op, left, right);
  if (expr.right.kind !== 'literal') return undefined;
  const narrow = narrowed(expr.right, typeOf(left));
  if (narrow === undefined) return undefined;
  if (narrow.exact) return compare(expr.op, left, narrow.floor);
  const op = againstFloor(expr.op);
  return op === undefined ? undefined : compare(op, left, narrow.floor);
}

/** `CAST(x AS wide) IN (literals)` over the narrow type, where every literal is one of its values. */
export function unwrapList(arg: Expr, list: readonly Expr[]): readonly [Expr, readonly Expr[]] | undefined {
  const inner = unwrapped(arg);
  if (inner === undefined) return undefined;
  const items: Expr[] = [];
  for (const item of list) {
    const narrow = item.kind === 'literal' ? narrowed(item, typeOf(inner)) : undefined;
    if (narrow === undefined || !narrow.exact) return undefined;
    items.push(narrow.floor);
  }
  return [inner, items];
}

/** The operator that compares with the floor of a value as `op` does with the value itself, which is no whole step. */
function againstFloor(op: ComparisonOp): ComparisonOp | undefined {
  switch (op) {
    case '<':
    case '<=':
      return '<=';
    case '>':
    case '>=':
      return '>';
    case '=':
    case '<>':
    case 'is-distinct':
    case 'is-not-distinct':
      return undefined;
  }
}

interface Narrowed {
  /** The largest value of the narrow type that is not above the literal. */
  readonly floor: Literal;
  readonly exact: boolean;
}

function narrowed(value: Literal, type: DataType): Narrowed | undefined {
  if (value.value === null) return undefined;
  if (sameType(value.type, type)) return { floor: value, exact: true };
  if (type.id === 'date') return dateFloor(value.value, type);
  if (!isInteger(type) && type.id !== 'decimal') return undefined;
  return numberFloor(value.type.id === 'double' ? plainDouble(value.value) : value.value, type);
}

function dateFloor(text: string, type: DataType): Narrowed | undefined {
  const micros = parseTimestamp(text);
  if (micros === undefined) return undefined;
  const days = floorDivide(micros, microsPerDay);
  const date = formatDate(days);
  return date === undefined
    ? undefined
    : { floor: literal(type, date), exact: days * microsPerDay === micros };
}

function numberFloor(text: string | undefined, type: DataType): Narrowed | undefined {
  const value = text === undefined ? undefined : parseExact(text);
  if (value === undefined) return undefined;
  const scale = type.id === 'decimal' ? type.scale : 0;
  const exact = rescale(value, scale);
  const floor = exact ?? floorDivide(value.unscaled, 10n ** BigInt(value.scale - scale));
  if (!fits(floor, type)) return undefined;
  return { floor: literal(type, formatExact(floor, scale)), exact: exact !== undefined };
}

function fits(unscaled: bigint, type: DataType): boolean {
  if (type.id === 'decimal') {
    const limit = 10n ** BigInt(type.precision);
    return unscaled > -limit && unscaled < limit;
  }
  const range = integerRange(type);
  return range !== undefined && unscaled >= range[0] && unscaled <= range[1];
}

/** A finite double without an exponent, whose text is its exact value only when it is short; else undefined. */
function plainDouble(text: string): string | undefined {
  const value = parseDouble(text);
  if (value === undefined || !Number.isFinite(value) || Math.abs(value) > 2 ** 53) return undefined;
  const shown = String(value);
  return /^-?\d+(\.\d+)?$/.test(shown) ? shown : undefined;
}

function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value % divisor < 0n ? quotient - 1n : quotient;
}
