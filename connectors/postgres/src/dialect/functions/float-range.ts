import type { DataType, Expr } from '@tributary/contract/plan';

/** What is known of a DOUBLE expression that is never NaN or infinite. */
export interface FloatRange {
  /** No value is larger in magnitude. */
  readonly max: number;
  /** No value but zero is smaller in magnitude. */
  readonly min: number;
  /** Whether it may be the negative zero. */
  readonly signedZero: boolean;
}

/** Far enough from the ends of the format that rounding cannot reach them. */
const largest = 1e300;
const smallest = 1e-300;

/**
 * The range of an expression that comes from exact numbers, where arithmetic cannot leave the format; undefined where nothing
 * is known (a DOUBLE column). DuckDB follows IEEE 754 (1/0 is Infinity); PostgreSQL fails on overflow, on underflow to
 * zero and on division by zero, so only what cannot get there is the same.
 */
export function floatRange(expr: Expr): FloatRange | undefined {
  switch (expr.kind) {
    case 'literal':
      return expr.type.id === 'double' ? constantRange(expr.value) : undefined;
    case 'cast':
      return expr.type.id === 'double' && !expr.try ? exactRange(typeOfArg(expr.arg)) : undefined;
    case 'call': {
      const [a, b] = expr.args.map(floatRange);
      if (a === undefined) return undefined;
      if (expr.fn === 'abs') return { ...a, signedZero: false };
      if (expr.fn === '-' && expr.args.length === 1) return { ...a, signedZero: true };
      return b === undefined ? undefined : combine(expr.fn, a, b);
    }
    default:
      return undefined;
  }
}

export function product(a: FloatRange, b: FloatRange): FloatRange | undefined {
  return within({ max: a.max * b.max, min: a.min * b.min, signedZero: true });
}

export function quotient(a: FloatRange, b: FloatRange): FloatRange | undefined {
  return within({ max: a.max / b.min, min: a.min / b.max, signedZero: true });
}

export function sum(a: FloatRange, b: FloatRange): FloatRange | undefined {
  // What remains of two nearly equal numbers is at least one unit in the last place of the smaller.
  return within({ max: a.max + b.max, min: Math.min(a.min, b.min) * Number.EPSILON, signedZero: true });
}

function combine(fn: string, a: FloatRange, b: FloatRange): FloatRange | undefined {
  if (fn === '*') return product(a, b);
  if (fn === '+' || fn === '-') return sum(a, b);
  // Any other function, division by what may be zero among them, may leave the range.
  return undefined;
}

function within(range: FloatRange): FloatRange | undefined {
  return range.max <= largest && range.min >= smallest ? range : undefined;
}

function constantRange(text: string | null): FloatRange | undefined {
  const value = text === null ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) return undefined;
  const size = Math.abs(value);
  return within({ max: size, min: size === 0 ? 1 : size, signedZero: Object.is(value, -0) });
}

function exactRange(type: DataType | undefined): FloatRange | undefined {
  switch (type?.id) {
    case 'boolean':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'hugeint':
      return { max: 2 ** 127, min: 1, signedZero: false };
    case 'decimal':
      return { max: 10 ** (type.precision - type.scale), min: 10 ** -type.scale, signedZero: false };
    default:
      return undefined;
  }
}

function typeOfArg(expr: Expr): DataType | undefined {
  return 'type' in expr ? expr.type : undefined;
}
