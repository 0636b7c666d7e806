import {
  type Column,
  type Expr,
  type Rel,
  columnRef,
  conjunction,
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
 * The anti join must also count as a match what leaves the mark NULL: a pair whose values are partly unknown. As in DuckDB, one NULL
 * on either side makes the whole pair of rows unknown, even where other values differ. Where nothing but a membership is asked, NOT IN
 * is left as it is: engines have a way of their own for it.
 */
function conditionsOfAnti(
  rel: Rel & { readonly kind: 'join' | 'dependent-join' },
): readonly Expr[] | undefined {
  const known = nonNullColumns(rel.left).union(nonNullColumns(rel.right));
  const members = rel.on.filter((condition) => !isGate(condition));
  const nullable = members.filter((condition) => !isNonNull(condition, known));
  if (nullable.length === 0) return rel.on;
  if (members.length === rel.on.length) return undefined;
  const isUnknown = nullable.map((arg): Expr => ({ kind: 'is-null', arg, negated: false }));
  return [...rel.on.filter(isGate), { kind: 'or', args: [conjunction(members), ...isUnknown] }];
}

/** A condition on which rows of the right side there are to be a member of, written so that it is never NULL. */
function isGate(condition: Expr): boolean {
  return (
    condition.kind === 'compare' && (condition.op === 'is-not-distinct' || condition.op === 'is-distinct')
  );
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
