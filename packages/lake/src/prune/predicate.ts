import {
  type ColumnId,
  type ComparisonOp,
  type DataType,
  type Expr,
  type KeySetId,
  isExactNumber,
  isInteger,
  sameType,
  typeOf,
} from '@tributary/connector-sdk';
import { type Ordered, toOrdered } from './ordered.js';
import {
  type Outcomes,
  type Range,
  all,
  any,
  anything,
  compareRanges,
  mayHoldKey,
  negate,
} from './outcomes.js';

/** What is known of a column over a set of rows (a file, a row group, a partition). */
export interface Domain {
  /** Inclusive bounds in literal text; absent where unknown. */
  readonly min?: string;
  readonly max?: string;
  readonly mayBeNull: boolean;
  readonly mayHaveValue: boolean;
}

export type Domains = (column: ColumnId) => Domain | undefined;

/** Keys of a key set by column, ascending; undefined for a column whose keys have no certain order. */
export type SortedKeys = readonly (readonly Ordered[] | undefined)[];

/**
 * A predicate that is evaluated over sets of rows instead of rows, in three-valued logic: when `true` is not among the
 * outcomes, no row of the set passes.
 */
export type SetPredicate = (domains: Domains) => Outcomes;

/** Constants are read once, here; what cannot be judged (functions, parameters) may have any outcome. */
export function setPredicate(expr: Expr, keySets: ReadonlyMap<KeySetId, SortedKeys>): SetPredicate {
  const compile = (inner: Expr): SetPredicate => setPredicate(inner, keySets);
  switch (expr.kind) {
    case 'and': {
      const args = expr.args.map(compile);
      return (domains) => all(args.map((arg) => arg(domains)));
    }
    case 'or': {
      const args = expr.args.map(compile);
      return (domains) => any(args.map((arg) => arg(domains)));
    }
    case 'not': {
      const arg = compile(expr.arg);
      return (domains) => negate(arg(domains));
    }
    case 'compare':
      return comparison(expr.op, expr.left, expr.right);
    case 'in': {
      const items = expr.list.map((item) => comparison('=', expr.arg, item));
      return (domains) => {
        const isIn = any(items.map((item) => item(domains)));
        return expr.negated ? negate(isIn) : isIn;
      };
    }
    case 'is-null': {
      const arg = range(expr.arg);
      return (domains) => {
        const value = arg(domains);
        const isNull = { true: value?.mayBeNull ?? true, false: value?.mayHaveValue ?? true, null: false };
        return expr.negated ? negate(isNull) : isNull;
      };
    }
    case 'in-key-set': {
      const keys = keySets.get(expr.keySet);
      const args = expr.args.map((arg) => range(arg));
      return (domains) => {
        const mayMatch = args.every((arg, column) => {
          const value = arg(domains);
          const sorted = keys?.[column];
          return value === undefined || sorted === undefined || mayHoldKey(value, sorted);
        });
        return { ...anything, true: mayMatch };
      };
    }
    case 'column':
    case 'literal': {
      const value = range(expr);
      const isTrue: Range = { min: 1n, max: 1n, mayBeNull: false, mayHaveValue: true };
      return (domains) => compareRanges('=', value(domains), isTrue);
    }
    case 'parameter':
    case 'call':
    case 'cast':
    case 'case':
      return () => anything;
  }
}

/** Values of one type: as they stand, 1.50 and 1.500 do not compare. */
function comparison(op: ComparisonOp, left: Expr, right: Expr): SetPredicate {
  if (!sameType(typeOf(left), typeOf(right))) return () => anything;
  const a = range(left);
  const b = range(right);
  return (domains) => compareRanges(op, a(domains), b(domains));
}

type RangeOf = (domains: Domains) => Range | undefined;

/** @param as the type that bounds are read as, when a cast around the expression widens it */
function range(expr: Expr, as: DataType = typeOf(expr)): RangeOf {
  if (expr.kind === 'literal') {
    const value = expr.value === null ? undefined : toOrdered(as, expr.value);
    const constant: Range = {
      min: value,
      max: value,
      mayBeNull: expr.value === null,
      mayHaveValue: expr.value !== null,
    };
    return () => constant;
  }
  if (expr.kind === 'column') {
    return (domains) => {
      const domain = domains(expr.id);
      if (domain === undefined) return undefined;
      const { min, max, mayBeNull, mayHaveValue } = domain;
      return {
        min: min === undefined ? undefined : toOrdered(as, min),
        max: max === undefined ? undefined : toOrdered(as, max),
        mayBeNull,
        mayHaveValue,
      };
    };
  }
  if (expr.kind === 'cast' && !expr.try && keepsValues(typeOf(expr.arg), expr.type)) {
    return range(expr.arg, as);
  }
  return () => undefined;
}

/** Casts that change no value where they succeed, so that bounds pass through them; TRY_CAST succeeds with NULLs. */
function keepsValues(from: DataType, to: DataType): boolean {
  if (sameType(from, to)) return true;
  if (from.id === 'date') return to.id === 'timestamp';
  if (isInteger(from)) return isExactNumber(to);
  return from.id === 'decimal' && to.id === 'decimal' && to.scale >= from.scale;
}
