import type { ComparisonOp } from '@tributary/connector-sdk';
import { type Ordered, compareOrdered } from './ordered.js';

/** The outcomes that a predicate may have over a set of rows: a superset of those it has. */
export interface Outcomes {
  readonly true: boolean;
  readonly false: boolean;
  readonly null: boolean;
}

export const anything: Outcomes = { true: true, false: true, null: true };
const onlyTrue: Outcomes = { true: true, false: false, null: false };

/** The values that an expression may have over a set of rows. Bounds are inclusive, absent where unknown. */
export interface Range {
  readonly min?: Ordered | undefined;
  readonly max?: Ordered | undefined;
  readonly mayBeNull: boolean;
  readonly mayHaveValue: boolean;
}

export function negate(of: Outcomes): Outcomes {
  return { true: of.false, false: of.true, null: of.null };
}

export function all(of: readonly Outcomes[]): Outcomes {
  return of.reduce(and, onlyTrue);
}

export function any(of: readonly Outcomes[]): Outcomes {
  return negate(all(of.map(negate)));
}

export function compareRanges(op: ComparisonOp, left: Range | undefined, right: Range | undefined): Outcomes {
  if (left === undefined || right === undefined) return anything;
  const mayBeNull = left.mayBeNull || right.mayBeNull;
  const mayCompare = left.mayHaveValue && right.mayHaveValue;
  const lowest = order(left.min, right.max);
  const highest = order(left.max, right.min);
  const less = lowest === undefined || lowest < 0;
  const greater = highest === undefined || highest > 0;
  const equal = (lowest === undefined || lowest <= 0) && (highest === undefined || highest >= 0);
  const result = (holds: boolean, fails: boolean): Outcomes => ({
    true: mayCompare && holds,
    false: mayCompare && fails,
    null: mayBeNull,
  });
  switch (op) {
    case '=':
      return result(equal, less || greater);
    case '<>':
      return result(less || greater, equal);
    case '<':
      return result(less, equal || greater);
    case '<=':
      return result(less || equal, greater);
    case '>':
      return result(greater, less || equal);
    case '>=':
      return result(greater || equal, less);
    case 'is-distinct':
    case 'is-not-distinct':
      return { true: true, false: true, null: false };
  }
}

/** Whether one of `keys`, ascending, may lie in the range. */
export function mayHoldKey(range: Range, keys: readonly Ordered[]): boolean {
  if (!range.mayHaveValue) return false;
  const { min, max } = range;
  const smallest = keys[min === undefined ? 0 : firstNotBelow(min, keys)];
  return smallest !== undefined && (order(smallest, max) ?? 0) <= 0;
}

function firstNotBelow(bound: Ordered, keys: readonly Ordered[]): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((order(keys[middle], bound) ?? 0) >= 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

function and(a: Outcomes, b: Outcomes): Outcomes {
  return {
    true: a.true && b.true,
    false: a.false || b.false,
    null: (a.null && (b.true || b.null)) || (b.null && (a.true || a.null)),
  };
}

function order(a: Ordered | undefined, b: Ordered | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : compareOrdered(a, b);
}
