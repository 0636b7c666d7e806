import { type ComparisonOp, type DataType, type Expr, type Literal, isFloat } from '@tributary/contract';
import { compareValues } from '../expressions/values.js';

/** One end of a range, in literal text. */
export interface Bound {
  readonly value: string;
  readonly inclusive: boolean;
}

/**
 * What is certain of a column's values in every row of a relation: whether NULL may occur, and where the other values
 * lie. Everything unknown is left open, so a domain may be too wide and never too narrow.
 */
export interface Domain {
  readonly type: DataType;
  readonly nullable: boolean;
  /** The only values besides NULL; absent: any within the bounds. */
  readonly values?: readonly string[];
  readonly low?: Bound;
  readonly high?: Bound;
}

export function fullDomain(type: DataType, nullable: boolean): Domain {
  return { type, nullable };
}

/** Nothing but NULL, or nothing at all. */
export function hasNoValue(domain: Domain): boolean {
  if (domain.values !== undefined) return domain.values.length === 0;
  const { low, high } = domain;
  if (low === undefined || high === undefined) return false;
  const order = compareValues(domain.type, low.value, high.value);
  return order !== undefined && (order > 0 || (order === 0 && !(low.inclusive && high.inclusive)));
}

/** No value and no NULL: no row can be. */
export function isContradiction(domain: Domain): boolean {
  return !domain.nullable && hasNoValue(domain);
}

/** Values known to be in both. */
export function intersect(a: Domain, b: Domain): Domain {
  const low = tighter(a.type, a.low, b.low, 1);
  const high = tighter(a.type, a.high, b.high, -1);
  const values = commonValues(a, b);
  const within = values?.filter((v) => mayContain({ type: a.type, nullable: false, ...ends(low, high) }, v));
  return {
    type: a.type,
    nullable: a.nullable && b.nullable,
    ...ends(low, high),
    ...(within && { values: within }),
  };
}

/** Values known to be in one of the two. */
export function unite(a: Domain, b: Domain): Domain {
  const nullable = a.nullable || b.nullable;
  if (hasNoValue(a)) return { ...b, nullable };
  if (hasNoValue(b)) return { ...a, nullable };
  if (a.values !== undefined && b.values !== undefined) {
    return { type: a.type, nullable, values: [...new Set([...a.values, ...b.values])] };
  }
  const low = looser(a.type, lowest(a), lowest(b), -1);
  const high = looser(a.type, highest(a), highest(b), 1);
  return { type: a.type, nullable, ...ends(low, high) };
}

/** Whether the value may be among those of the domain: only a certain no is a no. */
export function mayContain(domain: Domain, value: string): boolean {
  const sure = domain.values?.every((v) => (compareValues(domain.type, v, value) ?? 0) !== 0);
  if (sure === true) return false;
  const { low, high } = domain;
  if (low !== undefined) {
    const order = compareValues(domain.type, value, low.value);
    if (order !== undefined && (order < 0 || (order === 0 && !low.inclusive))) return false;
  }
  if (high !== undefined) {
    const order = compareValues(domain.type, value, high.value);
    if (order !== undefined && (order > 0 || (order === 0 && !high.inclusive))) return false;
  }
  return true;
}

/** The domain of the rows where `column op literal` is true. */
export function domainOfComparison(op: ComparisonOp, value: Literal): Domain | undefined {
  const { type } = value;
  if (value.value === null || compareValues(type, value.value, value.value) === undefined) return undefined;
  const bound = (inclusive: boolean): Bound => ({ value: value.value ?? '', inclusive });
  switch (op) {
    case '=':
    case 'is-not-distinct':
      return { type, nullable: false, values: [value.value] };
    case '<':
      return { type, nullable: false, high: bound(false) };
    case '<=':
      return { type, nullable: false, high: bound(true) };
    case '>':
      return { type, nullable: false, low: bound(false) };
    case '>=':
      return { type, nullable: false, low: bound(true) };
    case '<>':
      return { type, nullable: false };
    case 'is-distinct':
      return undefined;
  }
}

/** The domain of the rows where `column IN (list)` is true. */
export function domainOfList(type: DataType, list: readonly Expr[]): Domain | undefined {
  const values: string[] = [];
  for (const item of list) {
    if (item.kind !== 'literal') return undefined;
    if (item.value === null) continue;
    if (compareValues(type, item.value, item.value) === undefined) return undefined;
    values.push(item.value);
  }
  return { type, nullable: false, values };
}

/** Whether every value of the first is in the second; false where that is not certain. */
export function isWithin(inner: Domain, outer: Domain): boolean {
  if (inner.nullable && !outer.nullable) return false;
  if (hasNoValue(inner)) return true;
  // -0 and 0 are one value to a comparison and two to a text.
  if (isFloat(inner.type)) return false;
  if (outer.values !== undefined) {
    return inner.values !== undefined && inner.values.every((v) => mayContain(outer, v));
  }
  return holdsAbove(inner, outer.low) && holdsBelow(inner, outer.high);
}

function holdsAbove(inner: Domain, low: Bound | undefined): boolean {
  if (low === undefined) return true;
  const least = lowest(inner);
  if (least === undefined) return false;
  const order = compareValues(inner.type, least.value, low.value);
  return order !== undefined && (order > 0 || (order === 0 && (low.inclusive || !least.inclusive)));
}

function holdsBelow(inner: Domain, high: Bound | undefined): boolean {
  if (high === undefined) return true;
  const most = highest(inner);
  if (most === undefined) return false;
  const order = compareValues(inner.type, most.value, high.value);
  return order !== undefined && (order < 0 || (order === 0 && (high.inclusive || !most.inclusive)));
}

function ends(
  low: Bound | undefined,
  high: Bound | undefined,
): { readonly low?: Bound; readonly high?: Bound } {
  return { ...(low && { low }), ...(high && { high }) };
}

function commonValues(a: Domain, b: Domain): readonly string[] | undefined {
  if (a.values === undefined) return b.values;
  return b.values === undefined ? a.values : a.values.filter((v) => mayContain(b, v));
}

/** Of two bounds the one that keeps less; `direction` 1 for low ends. */
function tighter(
  type: DataType,
  a: Bound | undefined,
  b: Bound | undefined,
  direction: 1 | -1,
): Bound | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const order = compareValues(type, a.value, b.value);
  if (order === undefined) return a;
  if (order === 0) return a.inclusive ? b : a;
  return order * direction > 0 ? a : b;
}

/** Of two bounds the one that keeps more; none where one side has none. */
function looser(
  type: DataType,
  a: Bound | undefined,
  b: Bound | undefined,
  direction: 1 | -1,
): Bound | undefined {
  if (a === undefined || b === undefined) return undefined;
  const order = compareValues(type, a.value, b.value);
  if (order === undefined) return undefined;
  if (order === 0) return a.inclusive ? a : b;
  return order * direction > 0 ? a : b;
}

function lowest(domain: Domain): Bound | undefined {
  return domain.values === undefined ? domain.low : extreme(domain.type, domain.values, -1);
}

function highest(domain: Domain): Bound | undefined {
  return domain.values === undefined ? domain.high : extreme(domain.type, domain.values, 1);
}

function extreme(type: DataType, values: readonly string[], direction: 1 | -1): Bound | undefined {
  let best: string | undefined;
  for (const value of values) {
    const order = best === undefined ? direction : compareValues(type, value, best);
    if (order === undefined) return undefined;
    if (order * direction > 0) best = value;
  }
  return best === undefined ? undefined : { value: best, inclusive: true };
}
