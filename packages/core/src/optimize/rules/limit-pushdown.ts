import {
  type ColumnId,
  type Expr,
  type Rel,
  type SortKey,
  columnsOf,
  literal,
  mapAll,
  substitute,
} from '@tributary/contract';
import { isSameExpr } from '../facts/expression-key.js';
import { outputIdsOf } from '../facts/output-ids.js';
import { isVolatile } from '../facts/volatility.js';
import { nodeRule } from '../rule.js';

/**
 * The first n rows of a union are among the first n of each branch, those of a left join among the matches of the first
 * n left rows: an at-least limit goes below, the exact one stays.
 */
export const limitPushdown = nodeRule(
  'limit-pushdown',
  'Merges limits and copies LIMIT and top-N into UNION ALL branches and the kept side of outer joins.',
  (rel) => {
    if (rel.kind !== 'limit') return rel;
    if (rel.input.kind === 'limit') return mergeLimits(rel, rel.input);
    if (rel.input.kind === 'project' && rel.input.columns.every((c) => !isVolatile(c.expr))) {
      const { input: project } = rel;
      return { ...project, input: { ...rel, input: project.input } };
    }
    const bound = boundOf(rel);
    if (bound === undefined) return rel;
    const { input } = rel;
    if (input.kind !== 'sort') {
      const next = bounded(input, bound, []);
      return next === input ? rel : { ...rel, input: next };
    }
    const below = bounded(input.input, bound, input.keys);
    return below === input.input ? rel : { ...rel, input: { ...input, input: below } };
  },
);

type LimitRel = Rel & { readonly kind: 'limit' };

function count(expr: Expr | undefined): bigint | undefined {
  return expr?.kind === 'literal' && expr.value !== null && /^\d+$/.test(expr.value)
    ? BigInt(expr.value)
    : undefined;
}

function rows(value: bigint): Expr {
  return literal({ id: 'bigint' }, value.toString());
}

function mergeLimits(outer: LimitRel, inner: LimitRel): Rel {
  const counts = [outer, inner].map((l) => ({
    limit: count(l.limit),
    offset: l.offset === undefined ? 0n : count(l.offset),
    unlimited: l.limit === undefined,
  }));
  const [a, b] = counts;
  if (a === undefined || b === undefined || a.offset === undefined || b.offset === undefined) return outer;
  if ((a.limit === undefined && !a.unlimited) || (b.limit === undefined && !b.unlimited)) return outer;
  const left = b.limit === undefined ? undefined : b.limit > a.offset ? b.limit - a.offset : 0n;
  const limit = a.limit === undefined || (left !== undefined && left < a.limit) ? left : a.limit;
  const offset = a.offset + b.offset;
  return {
    kind: 'limit',
    input: inner.input,
    ...(limit !== undefined && { limit: rows(limit) }),
    ...(offset > 0n && { offset: rows(offset) }),
  };
}

/** How many rows of the input can matter. */
function boundOf(rel: LimitRel): Expr | undefined {
  if (rel.offset === undefined) return rel.limit?.kind === 'parameter' ? rel.limit : literalOrNone(rel.limit);
  const limit = count(rel.limit);
  const offset = count(rel.offset);
  return limit === undefined || offset === undefined ? undefined : rows(limit + offset);
}

function literalOrNone(limit: Expr | undefined): Expr | undefined {
  return count(limit) === undefined ? undefined : limit;
}

/** The relation, reduced where that is safe to rows that can be among the first `bound` by the keys. */
function bounded(rel: Rel, bound: Expr, keys: readonly SortKey[]): Rel {
  switch (rel.kind) {
    case 'project': {
      const exprs = new Map<ColumnId, Expr>(rel.columns.map((c) => [c.id, c.expr]));
      const below = keys.map((k) => ({ ...k, expr: substitute(k.expr, exprs) }));
      if (below.some((k) => isVolatile(k.expr))) return rel;
      const input = bounded(rel.input, bound, below);
      return input === rel.input ? rel : { ...rel, input };
    }
    case 'set-operation': {
      if (rel.op !== 'union' || !rel.all) return rel;
      let branch = -1;
      const inputs = mapAll(rel.inputs, (input) => {
        branch += 1;
        const feeds = rel.feeds[branch] ?? [];
        const exprs = new Map<ColumnId, Expr>(
          rel.columns.map((c, i) => [c.id, { kind: 'column', id: feeds[i] ?? c.id, type: c.type }]),
        );
        return limited(
          input,
          bound,
          keys.map((k) => ({ ...k, expr: substitute(k.expr, exprs) })),
        );
      });
      return inputs === rel.inputs ? rel : { ...rel, inputs };
    }
    case 'join':
    case 'dependent-join': {
      if (rel.type !== 'left' && rel.type !== 'single' && rel.type !== 'mark') return rel;
      const own = outputIdsOf(rel.left);
      if (!keys.every((k) => columnsOf(k.expr).isSubsetOf(own))) return rel;
      const left = limited(rel.left, bound, keys);
      return left === rel.left ? rel : { ...rel, left };
    }
    case 'with': {
      const body = bounded(rel.body, bound, keys);
      return body === rel.body ? rel : { ...rel, body };
    }
    case 'scan':
    case 'values':
    case 'filter':
    case 'aggregate':
    case 'dependent-scan':
    case 'distinct':
    case 'window':
    case 'sort':
    case 'limit':
    case 'cte-ref':
    case 'remote':
      return rel;
  }
}

function limited(rel: Rel, bound: Expr, keys: readonly SortKey[]): Rel {
  if (isBounded(rel, bound)) return rel;
  const input = bounded(rel, bound, keys);
  return {
    kind: 'limit',
    limit: bound,
    input: keys.length === 0 ? input : { kind: 'sort', input, keys },
  };
}

/** Whether the relation yields no more rows than that anyway. */
function isBounded(rel: Rel, bound: Expr): boolean {
  switch (rel.kind) {
    case 'limit': {
      const most = count(bound);
      const own = count(rel.limit);
      if (most !== undefined && own !== undefined && own <= most) return true;
      return rel.limit !== undefined && isSameExpr(rel.limit, bound);
    }
    case 'values':
      return BigInt(rel.rows.length) <= (count(bound) ?? 0n);
    case 'aggregate':
      return rel.groups.length === 0 && rel.groupingSets === undefined;
    case 'project':
      return isBounded(rel.input, bound);
    case 'scan':
    case 'filter':
    case 'join':
    case 'dependent-join':
    case 'dependent-scan':
    case 'set-operation':
    case 'distinct':
    case 'window':
    case 'sort':
    case 'with':
    case 'cte-ref':
    case 'remote':
      return false;
  }
}
