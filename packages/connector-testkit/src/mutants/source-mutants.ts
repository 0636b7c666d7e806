import {
  type Expr,
  type IFederatedDataSource,
  type Rel,
  type SortKey,
  isFloat,
  literal,
  mapExprs,
  rewriteExpr,
  rewriteRel,
  typeOf,
} from '@tributary/connector-sdk';

/** A mistake that a source could make with what is pushed down to it. */
export interface SourceMutant {
  readonly mistake: string;
  readonly spoil: (rel: Rel) => Rel;
}

/** The source, but that it runs other plans than it is given. */
export function spoiledSource(source: IFederatedDataSource, spoil: (rel: Rel) => Rel): IFederatedDataSource {
  return {
    sourceId: source.sourceId,
    getInfo: () => source.getInfo(),
    listTables: (ctx) => source.listTables(ctx),
    describeTable: (path, ctx) => source.describeTable(path, ctx),
    getRemoteStatistics: (table, ctx) => source.getRemoteStatistics(table, ctx),
    planRemoteQuery: (request) =>
      source.planRemoteQuery(
        request.kind === 'relational' ? { ...request, relation: spoil(request.relation) } : request,
      ),
    executeRemoteQuery: (plan, ctx) => source.executeRemoteQuery(plan, ctx),
    checkHealth: (ctx) => source.checkHealth(ctx),
    close: () => source.close(),
  };
}

function nodes(mistake: string, spoil: (rel: Rel) => Rel): SourceMutant {
  return { mistake, spoil: (rel) => rewriteRel(rel, spoil) };
}

function expressions(mistake: string, spoil: (expr: Expr) => Expr): SourceMutant {
  return nodes(mistake, (rel) => mapExprs(rel, (expr) => rewriteExpr(expr, spoil)));
}

export const sourceMutants: readonly SourceMutant[] = [
  nodes('forgets a conjunct', (rel) => {
    if (rel.kind !== 'filter') return rel;
    const predicates = rel.predicates.slice(1);
    return predicates.length === 0 ? rel.input : { ...rel, predicates };
  }),
  expressions('takes < for <=', (expr) =>
    expr.kind === 'compare' && expr.op === '<' ? { ...expr, op: '<=' } : expr,
  ),
  expressions('compares text without regard to case', (expr) =>
    expr.kind === 'compare' && typeOf(expr.left).id === 'varchar'
      ? { ...expr, left: lower(expr.left), right: lower(expr.right) }
      : expr,
  ),
  expressions('takes IS NOT DISTINCT FROM for =', (expr) =>
    expr.kind === 'compare' && expr.op === 'is-not-distinct' ? { ...expr, op: '=' } : expr,
  ),
  expressions('takes NOT of NULL for true', (expr) =>
    expr.kind === 'not'
      ? { kind: 'compare', op: 'is-distinct', left: expr.arg, right: literal({ id: 'boolean' }, 'true') }
      : expr,
  ),
  expressions('reads only the first item of a list', (expr) =>
    expr.kind === 'in' ? { ...expr, list: expr.list.slice(0, 1) } : expr,
  ),
  expressions('takes % and _ in LIKE for themselves', (expr) =>
    expr.kind === 'call' && expr.fn === '~~' && expr.args[0] && expr.args[1]
      ? { kind: 'compare', op: '=', left: expr.args[0], right: expr.args[1] }
      : expr,
  ),
  expressions('knows no ELSE', (expr) =>
    expr.kind === 'case' ? { ...expr, otherwise: literal(expr.type, null) } : expr,
  ),
  expressions('rounds halves', (expr) =>
    expr.kind === 'column' && isFloat(expr.type)
      ? { kind: 'call', fn: 'floor', args: [expr], type: expr.type }
      : expr,
  ),
  nodes('forgets DISTINCT', (rel) => (rel.kind === 'distinct' && rel.on === undefined ? rel.input : rel)),
  nodes('takes UNION for UNION ALL', (rel) =>
    rel.kind === 'set-operation' && rel.op === 'union' ? { ...rel, all: true } : rel,
  ),
  nodes('takes EXCEPT ALL and INTERSECT ALL for their plain kin', (rel) =>
    rel.kind === 'set-operation' && rel.op !== 'union' ? { ...rel, all: false } : rel,
  ),
  nodes('takes outer joins for inner ones', (rel) =>
    rel.kind === 'join' && (rel.type === 'left' || rel.type === 'right' || rel.type === 'full')
      ? { ...rel, type: 'inner' }
      : rel,
  ),
  nodes('takes an anti join for a semi join', (rel) =>
    rel.kind === 'join' && rel.type === 'anti' ? { ...rel, type: 'semi' } : rel,
  ),
  nodes('counts NULLs', (rel) =>
    rel.kind === 'aggregate'
      ? {
          ...rel,
          aggregates: rel.aggregates.map((column) =>
            column.call.fn === 'count' && !column.call.distinct
              ? { ...column, call: { ...column.call, fn: 'count_star', args: [] } }
              : column,
          ),
        }
      : rel,
  ),
  nodes('aggregates every value where only distinct ones count', (rel) =>
    rel.kind === 'aggregate'
      ? {
          ...rel,
          aggregates: rel.aggregates.map((column) => ({
            ...column,
            call: { ...column.call, distinct: false },
          })),
        }
      : rel,
  ),
  nodes('forgets FILTER', (rel) =>
    rel.kind === 'aggregate'
      ? {
          ...rel,
          aggregates: rel.aggregates.map((column) => {
            const { filter: _, ...call } = column.call;
            return { ...column, call };
          }),
        }
      : rel,
  ),
  nodes('forgets HAVING', (rel) =>
    rel.kind === 'filter' && rel.input.kind === 'aggregate' ? rel.input : rel,
  ),
  nodes('puts NULLs at the other end', (rel) =>
    rel.kind === 'sort'
      ? { ...rel, keys: rel.keys.map((key): SortKey => ({ ...key, nullsFirst: !key.nullsFirst })) }
      : rel,
  ),
  nodes('cuts off before it sorts', (rel) =>
    rel.kind === 'limit' && rel.input.kind === 'sort'
      ? { ...rel.input, input: { ...rel, input: rel.input.input } }
      : rel,
  ),
  nodes('forgets OFFSET', (rel) => {
    if (rel.kind !== 'limit') return rel;
    const { offset: _, ...rest } = rel;
    return rest.limit === undefined ? rel.input : rest;
  }),
  nodes('ranks over all partitions at once', (rel) =>
    rel.kind === 'window'
      ? { ...rel, functions: rel.functions.map((fn) => ({ ...fn, call: { ...fn.call, partitionBy: [] } })) }
      : rel,
  ),
];

function lower(arg: Expr): Expr {
  return { kind: 'call', fn: 'lower', args: [arg], type: { id: 'varchar' } };
}
