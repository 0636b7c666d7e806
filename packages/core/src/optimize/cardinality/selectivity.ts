import {
  type Call,
  type ColumnId,
  type ColumnStatistics,
  type Comparison,
  type DataType,
  type Expr,
  isInteger,
  sameType,
  typeOf,
} from '@tributary/contract';
import { compareValues } from '../expressions/values.js';
import { shareBelow } from './position.js';
import type { ColumnProfile, Profile } from './profile.js';

/** Shares of rows that pass where nothing is known of the data (DESIGN: cost). */
const defaults = {
  equal: 0.1,
  range: 0.33,
  between: 0.25,
  notEqual: 0.9,
  like: 0.1,
  isNull: 0.05,
  inItem: 0.05,
  other: 0.5,
} as const;

const patternFunctions: ReadonlySet<string> = new Set([
  '~~',
  '~~*',
  'like_escape',
  'ilike_escape',
  'prefix',
  'suffix',
  'contains',
  'starts_with',
  'ends_with',
  'regexp_matches',
  'regexp_full_match',
]);
const negatedPatterns: ReadonlySet<string> = new Set(['!~~', '!~~*', 'not_like_escape', 'not_ilike_escape']);

/** The share of rows that pass all conjuncts; two ends of one range are taken together. */
export function selectivityOfAll(predicates: readonly Expr[], profile: Profile): number {
  const ranges = new Map<ColumnId, { low?: number; high?: number; known: boolean }>();
  let share = 1;
  for (const predicate of predicates) {
    const range = rangeOf(predicate, profile);
    if (range === undefined) {
      share *= selectivityOf(predicate, profile);
      continue;
    }
    const entry = ranges.get(range.column) ?? { known: true };
    if (range.below === undefined) entry.known = false;
    if (range.upper) entry.high = Math.min(entry.high ?? 1, range.below ?? 1);
    else entry.low = Math.max(entry.low ?? 0, range.below ?? 0);
    ranges.set(range.column, entry);
  }
  for (const [id, { low, high, known }] of ranges) {
    const present = 1 - (profile.columns.get(id)?.nullFraction ?? 0);
    share *= present * rangeShare(low, high, known, profile.columns.get(id));
  }
  return clamp(share);
}

function rangeShare(
  low: number | undefined,
  high: number | undefined,
  known: boolean,
  column: ColumnProfile | undefined,
): number {
  if (!known) return low !== undefined && high !== undefined ? defaults.between : defaults.range;
  // A range that seems to hit nothing still hits one value.
  return Math.max((high ?? 1) - (low ?? 0), 1 / Math.max(1, column?.distinct ?? 1000));
}

interface Range {
  readonly column: ColumnId;
  readonly upper: boolean;
  /** Share of the column's values below the bound. */
  readonly below: number | undefined;
}

function rangeOf(predicate: Expr, profile: Profile): Range | undefined {
  if (predicate.kind !== 'compare' || predicate.left.kind !== 'column') return undefined;
  const { op, left, right } = predicate;
  if (op !== '<' && op !== '<=' && op !== '>' && op !== '>=') return undefined;
  if (right.kind !== 'literal' && right.kind !== 'parameter') return undefined;
  const column = profile.columns.get(left.id);
  const value = right.kind === 'literal' && sameType(right.type, left.type) ? right.value : null;
  const below =
    column?.base !== undefined && value !== null ? shareBelow(left.type, column.base, value) : undefined;
  return { column: left.id, upper: op === '<' || op === '<=', below };
}

function selectivityOf(predicate: Expr, profile: Profile): number {
  switch (predicate.kind) {
    case 'literal':
      return predicate.value === 'true' ? 1 : 0;
    case 'compare':
      return ofComparison(predicate, profile);
    case 'and':
      return selectivityOfAll(predicate.args, profile);
    case 'or':
      return clamp(1 - predicate.args.reduce((none, a) => none * (1 - selectivityOf(a, profile)), 1));
    case 'not':
      return clamp(1 - selectivityOf(predicate.arg, profile));
    case 'is-null': {
      const column = predicate.arg.kind === 'column' ? profile.columns.get(predicate.arg.id) : undefined;
      const nulls = column?.nullFraction ?? defaults.isNull;
      return predicate.negated ? 1 - nulls : nulls;
    }
    case 'in': {
      const hits = predicate.list.reduce(
        (sum, item) => sum + ofEquality(predicate.arg, item, profile, defaults.inItem),
        0,
      );
      return predicate.negated ? clamp(1 - hits) : clamp(hits);
    }
    case 'call':
      if (patternFunctions.has(predicate.fn)) return ofPrefix(predicate, profile) ?? defaults.like;
      return negatedPatterns.has(predicate.fn) ? 1 - defaults.like : defaults.other;
    case 'in-key-set':
      return defaults.equal;
    case 'column':
    case 'parameter':
    case 'case':
    case 'cast':
      return defaults.other;
  }
}

function ofComparison(expr: Comparison, profile: Profile): number {
  switch (expr.op) {
    case '=':
    case 'is-not-distinct':
      return ofEquality(expr.left, expr.right, profile, defaults.equal);
    case '<>':
    case 'is-distinct':
      return clamp(1 - ofEquality(expr.left, expr.right, profile, 1 - defaults.notEqual));
    case '<':
    case '<=':
    case '>':
    case '>=':
      return rangeOf(expr, profile) === undefined ? defaults.range : selectivityOfAll([expr], profile);
  }
}

function ofEquality(left: Expr, right: Expr, profile: Profile, fallback: number): number {
  const column = left.kind === 'column' ? profile.columns.get(left.id) : undefined;
  const other = right.kind === 'column' ? profile.columns.get(right.id) : undefined;
  // A guessed number of distinct values is no reason to expect fewer hits than where nothing is known at all.
  if (column === undefined || (column.guessed === true && other === undefined)) return fallback;
  if (right.kind === 'literal' && right.value !== null && sameType(typeOf(left), right.type)) {
    return ofValue(column, right.value);
  }
  const distinct = Math.max(column.distinct, other?.distinct ?? 1);
  return clamp((1 - column.nullFraction) / distinct);
}

/** LIKE 'abc%': the common values that begin so, and of the others those from 'abc' to whatever comes after it. */
function ofPrefix({ fn, args }: Call, profile: Profile): number | undefined {
  const [text, pattern] = args;
  if (text?.kind !== 'column' || pattern?.kind !== 'literal' || pattern.value === null) return undefined;
  const prefix = fn === '~~' ? /^[^%_\\]+(?=%$)/.exec(pattern.value)?.[0] : undefined;
  const { type, base, distinct } = profile.columns.get(text.id) ?? {};
  if (prefix === undefined || type === undefined || base === undefined) return undefined;
  const { histogram, mostCommon: common = [] } = base;
  // Nothing can be said of texts between a smallest and a largest one.
  if (histogram === undefined && common.length === 0) return undefined;
  const upTo = (value: string): number => (histogram && shareBelow(type, { histogram }, value)) ?? 0;
  const commonHits = shareOf(common.filter((c) => c.value.startsWith(prefix)));
  const others = Math.max(0, 1 - shareOf(common)) * (upTo(`${prefix}\u{10FFFF}`) - upTo(prefix));
  return Math.max(commonHits + others, 1 / Math.max(1, distinct ?? 1000));
}

type CommonValues = NonNullable<ColumnStatistics['mostCommon']>;

function shareOf(values: CommonValues): number {
  return values.reduce((sum, { fraction }) => sum + fraction, 0);
}

/** A common value's own share; a rare one's part of what the common ones leave. */
function ofValue(column: ColumnProfile, value: string): number {
  const common = column.base?.mostCommon ?? [];
  const equals = equalTo(column.type, value);
  const hit = common.find((c) => equals(c.value));
  if (hit !== undefined) return hit.fraction;
  const taken = shareOf(common);
  const rest = Math.max(1, (column.base?.distinct ?? column.distinct) - common.length);
  return clamp((1 - column.nullFraction - taken) / rest);
}

/** Values of most types have one text each: only of the others has every text to be read. */
function equalTo(type: DataType, value: string): (text: string) => boolean {
  const hasOneText = isInteger(type) || type.id === 'varchar' || type.id === 'date' || type.id === 'boolean';
  return hasOneText ? (text) => text === value : (text) => compareValues(type, text, value) === 0;
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
