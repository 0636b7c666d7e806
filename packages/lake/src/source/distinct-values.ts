import { type Ordered, compareOrdered } from '../prune/ordered.js';

/** A stretch of a column's rows, such as a row group. */
export interface DistinctStretch {
  /** Values, NULLs not counted. */
  readonly values: number;
  /** Distinct ones among them, if known. */
  readonly distinct: number | undefined;
  readonly min: Ordered | undefined;
  readonly max: Ordered | undefined;
}

/** So many stretches, evenly taken, stand for all. */
const mostSampled = 64;
/** From this share of distinct values on, every value counts as one of its own. */
const unique = 0.98;

/**
 * About how many distinct values a column has, by those of its stretches: their sum where the stretches' ranges lie apart, as
 * in a sorted file; where the ranges overlap, the number of values of which so many random draws give so many distinct ones.
 * Undefined where too little is known.
 */
export function distinctValues(all: readonly DistinctStretch[]): number | undefined {
  const stretches = all.filter(({ values }) => values > 0);
  const total = sum(stretches, ({ values }) => values);
  const sample = evenly(stretches);
  const known = sample.filter(({ distinct }) => distinct !== undefined);
  const values = sum(known, (stretch) => stretch.values);
  const distinct = sum(known, (stretch) => stretch.distinct ?? 0);
  if (values === 0 || 2 * values < sum(sample, (stretch) => stretch.values)) return undefined;
  const layers = overlap(known);
  const drawn = values / layers;
  const found = distinct / layers;
  const sampled = known.length;
  const allLayers = sampled > 1 ? 1 + ((layers - 1) * (stretches.length - 1)) / (sampled - 1) : layers;
  // What lies apart is more of the same; what overlaps are more draws of the same.
  const apart = total / allLayers / drawn;
  return Math.min(total, apart * draws(population(found, drawn), drawn * allLayers));
}

function evenly<T>(items: readonly T[]): readonly T[] {
  const step = Math.ceil(items.length / mostSampled);
  return items.filter((_, i) => i % step === 0);
}

/** How many ranges cover a place that one of them covers, on average: 1 where they lie apart, all where they are the same. */
function overlap(stretches: readonly DistinctStretch[]): number {
  const ranges = stretches.flatMap(({ min, max }) =>
    min === undefined || max === undefined ? [] : { min, max },
  );
  if (ranges.length < stretches.length) return stretches.length;
  const starts = ranges.map(({ min }) => min).toSorted(order);
  const ends = ranges.map(({ max }) => max).toSorted(order);
  let open = 0;
  let ended = 0;
  starts.forEach((start, i) => {
    while (ended < ends.length && order(ends[ended] ?? start, start) < 0) ended += 1;
    open += i + 1 - ended;
  });
  // Of n equal ranges the first start meets one, the last all: (n + 1) / 2 on average.
  return Math.max(1, Math.min(ranges.length, (2 * open) / ranges.length - 1));
}

/** Distinct values of `count` random draws out of `size` values. */
function draws(size: number, count: number): number {
  return size * -Math.expm1(-count / size);
}

/** The number of values of which `count` random draws give `found` distinct ones. */
function population(found: number, count: number): number {
  if (found >= unique * count) return Number.MAX_SAFE_INTEGER;
  let low = found;
  let high = found * 100;
  for (let i = 0; i < 40; i += 1) {
    const middle = (low + high) / 2;
    if (draws(middle, count) < found) low = middle;
    else high = middle;
  }
  return high;
}

function order(a: Ordered, b: Ordered): number {
  return compareOrdered(a, b) ?? 0;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
