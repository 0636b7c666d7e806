import {
  type Column,
  type Expr,
  type Rel,
  columnRef,
  falseLiteral,
  outputOf,
  plain,
  trueLiteral,
} from '@tributary/contract';
import { isNonNull, nonNullColumns } from '../facts/nullability.js';
import { filtered } from '../facts/predicates.js';
import { nodeRule } from '../rule.js';

/**
 * A filter on the mark of a mark join (IN, EXISTS) is a semi join; on its negation an anti join, but only where the mark
 * is never NULL: `x NOT IN (… NULL …)` keeps nothing, an anti join keeps what does not match.
 */
export const markToSemi = nodeRule(
  'mark-to-semi',
  'Turns IN and EXISTS used as a filter into a semi join, and their negation into an anti join where NULLs allow it.',
  (rel) => {
    if (rel.kind !== 'filter') return rel;
    const { input } = rel;
    if ((input.kind !== 'join' && input.kind !== 'dependent-join') || input.type !== 'mark') return rel;
    const { mark, ...join } = input;
    if (mark === undefined) return rel;
    const at = rel.predicates.findIndex((p) => polarity(p, mark) !== undefined);
    const predicate = rel.predicates[at];
    const positive = predicate === undefined ? undefined : polarity(predicate, mark);
    if (positive === undefined) return rel;
    const on = positive ? input.on : conditionsOfAnti(input);
    if (on === undefined) return rel;
    const strict: Rel = { ...join, type: positive ? 'semi' : 'anti', on };
    const rest = rel.predicates.filter((_, i) => i !== at);
    return filtered(withMark(strict, mark, positive), rest);
  },
);

function polarity(predicate: Expr, mark: Column): boolean | undefined {
  if (predicate.kind === 'column' && predicate.id === mark.id) return true;
  const negated = predicate.kind === 'not' && predicate.arg.kind === 'column' && predicate.arg.id === mark.id;
  return negated ? false : undefined;
}

/**
 * The mark is false where every pair of rows has a condition that is false: the anti join must also count as a match
 * what is NULL. A single nullable condition is left as NOT IN, for which engines have a way of their own.
 */
function conditionsOfAnti(
  rel: Rel & { readonly kind: 'join' | 'dependent-join' },
): readonly Expr[] | undefined {
  const known = nonNullColumns(rel.left).union(nonNullColumns(rel.right));
  const on = rel.on.map((condition): Expr => {
    if (isNonNull(condition, known)) return condition;
    return { kind: 'or', args: [condition, { kind: 'is-null', arg: condition, negated: false }] };
  });
  const isPlain = on.every((condition, i) => condition === rel.on[i]);
  return isPlain || on.length > 1 ? on : undefined;
}

/** The join's output with the mark, now known, for whoever else reads it. */
function withMark(rel: Rel, mark: Column, value: boolean): Rel {
  const columns = outputOf(rel).map((c) => ({ ...plain(c), expr: columnRef(c) }));
  return {
    kind: 'project',
    input: rel,
    columns: [...columns, { ...plain(mark), expr: value ? trueLiteral : falseLiteral }],
  };
}
