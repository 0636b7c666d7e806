import {
  type Aggregate,
  type ColumnId,
  type Expr,
  type Rel,
  type Scan,
  compare,
  mapInputs,
  sameType,
  substitute,
} from '@tributary/contract';
import { outputIdsOf } from '../facts/output-ids.js';
import { Estimator } from '../cardinality/estimate.js';
import type { OptimizeContext } from '../context.js';
import { placementOf } from '../facts/placement.js';
import { filtered } from '../facts/predicates.js';
import { isVolatile } from '../facts/volatility.js';
import type { Rule } from '../rule.js';

/** Only a filter that leaves less than this share of an aggregate's groups is worth reading twice. */
const worthwhileShare = 0.2;

/**
 * `a ⋈ (… GROUP BY k) ON a.k = k` needs the groups of a's keys only. A correlated subquery asked for no others; once it
 * has become such a join, a semi join below the aggregate brings that back.
 */
export const reduceAggregates: Rule = {
  name: 'reduce-aggregates',
  description: 'Computes only those groups of a subquery that a filtered table of the same source asks for.',
  apply: (rel, ctx) => {
    const estimator = new Estimator(ctx, rel);
    const visit = (r: Rel): Rel => reduceJoin(mapInputs(r, visit), ctx, estimator);
    return visit(rel);
  },
};

function reduceJoin(rel: Rel, ctx: OptimizeContext, estimator: Estimator): Rel {
  if (rel.kind !== 'join' || (rel.type !== 'inner' && rel.type !== 'left')) return rel;
  const right = reduceSide(rel.left, rel.right, rel.on, ctx, estimator);
  const left = rel.type === 'inner' ? reduceSide(rel.right, rel.left, rel.on, ctx, estimator) : rel.left;
  return left === rel.left && right === rel.right ? rel : { ...rel, left, right };
}

type ColumnExpr = Expr & { readonly kind: 'column' };

/** `target` with the groups that `asking` cannot ask for left out of its aggregate. */
function reduceSide(
  asking: Rel,
  target: Rel,
  on: readonly Expr[],
  ctx: OptimizeContext,
  estimator: Estimator,
): Rel {
  const askingIds = outputIdsOf(asking);
  for (const [key, column] of pairs(on, askingIds)) {
    const found = groupKey(target, column.id);
    if (found === undefined || !sameType(found.key.type, key.type)) continue;
    const groups = estimator.distinct(found.aggregate.input, [found.key.id]);
    const best = keySources(asking, key.id)
      .filter((source) => isSamePlace(source.rel, found.aggregate, ctx))
      .map((source) => ({ ...source, keys: estimator.distinct(source.rel, [source.column.id]) }))
      .toSorted((a, b) => a.keys - b.keys)
      .at(0);
    if (best !== undefined && best.keys <= groups * worthwhileShare) {
      return replaceAggregate(target, found.aggregate, reduced(found.aggregate, found.key, best, ctx));
    }
  }
  return target;
}

function pairs(
  on: readonly Expr[],
  left: ReadonlySet<ColumnId>,
): readonly (readonly [ColumnExpr, ColumnExpr])[] {
  return on.flatMap((c): readonly (readonly [ColumnExpr, ColumnExpr])[] => {
    if (c.kind !== 'compare' || c.op !== '=' || c.left.kind !== 'column' || c.right.kind !== 'column')
      return [];
    if (left.has(c.left.id) === left.has(c.right.id)) return [];
    return [left.has(c.left.id) ? [c.left, c.right] : [c.right, c.left]];
  });
}

/** The aggregate that makes the column a group key, and the key's column below it. */
function groupKey(
  rel: Rel,
  id: ColumnId,
): { readonly aggregate: Aggregate; readonly key: ColumnExpr } | undefined {
  switch (rel.kind) {
    case 'project': {
      const expr = rel.columns.find((c) => c.id === id)?.expr;
      return expr?.kind === 'column' ? groupKey(rel.input, expr.id) : undefined;
    }
    case 'filter':
      return groupKey(rel.input, id);
    case 'aggregate': {
      const expr = rel.groups.find((g) => g.id === id)?.expr;
      return rel.groupingSets === undefined && expr?.kind === 'column'
        ? { aggregate: rel, key: expr }
        : undefined;
    }
    default:
      return undefined;
  }
}

interface KeySource {
  /** A filtered scan: cheap to repeat. */
  readonly rel: Rel & { readonly kind: 'filter' };
  readonly scan: Scan;
  readonly column: ColumnExpr;
}

/** Filtered tables whose column holds every value that the column can have in the relation. */
function keySources(rel: Rel, id: ColumnId): readonly KeySource[] {
  switch (rel.kind) {
    case 'filter': {
      if (rel.input.kind !== 'scan') return keySources(rel.input, id);
      const column = rel.input.columns.find((c) => c.id === id);
      if (column === undefined || rel.predicates.some(isVolatile)) return [];
      return [{ rel, scan: rel.input, column: { kind: 'column', id, type: column.type } }];
    }
    case 'join': {
      if (rel.type !== 'inner' && rel.type !== 'semi') return [];
      const equal = pairs(rel.on, outputIdsOf(rel.left)).flatMap(([l, r]) =>
        l.id === id ? keySources(rel.right, r.id) : r.id === id ? keySources(rel.left, l.id) : [],
      );
      return [...keySources(rel.left, id), ...keySources(rel.right, id), ...equal];
    }
    default:
      return [];
  }
}

function isSamePlace(source: Rel, aggregate: Aggregate, ctx: OptimizeContext): boolean {
  const a = placementOf(source, ctx);
  const b = placementOf(aggregate, ctx);
  return a.kind === 'domain' && b.kind === 'domain' && a.domain === b.domain && canSemiJoin(source, ctx);
}

function canSemiJoin(rel: Rel, ctx: OptimizeContext): boolean {
  if (rel.kind === 'filter') return canSemiJoin(rel.input, ctx);
  const capabilities = rel.kind === 'scan' ? ctx.info(rel.source)?.capabilities : undefined;
  return capabilities?.kind === 'sql' && capabilities.joins.includes('semi');
}

function reduced(aggregate: Aggregate, key: ColumnExpr, source: KeySource, ctx: OptimizeContext): Aggregate {
  const ids = new Map<ColumnId, Expr>();
  const columns = source.scan.columns.map((c) => {
    const id = ctx.newId();
    ids.set(c.id, { kind: 'column', id, type: c.type });
    return { ...c, id };
  });
  const copy = filtered(
    { ...source.scan, columns },
    source.rel.predicates.map((p) => substitute(p, ids)),
  );
  const on = [compare('=', key, substitute(source.column, ids))];
  return { ...aggregate, input: { kind: 'join', type: 'semi', left: aggregate.input, right: copy, on } };
}

function replaceAggregate(rel: Rel, from: Aggregate, to: Aggregate): Rel {
  return rel === from ? to : mapInputs(rel, (input) => replaceAggregate(input, from, to));
}
