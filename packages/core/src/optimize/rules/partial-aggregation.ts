import {
  type Aggregate,
  type AggregateColumn,
  type Column,
  type ColumnId,
  type ComputedColumn,
  type DataType,
  type Expr,
  type Rel,
  type SetOperation,
  columnRef,
  isExactNumber,
  mapExprs,
  plain,
  substitute,
  typeOf,
} from '@tributary/contract';
import type { OptimizeContext } from '../context.js';
import { placementOf } from '../facts/placement.js';
import { isVolatile } from '../facts/volatility.js';
import { nodeRule } from '../rule.js';

/**
 * An aggregate over UNION ALL of several sources: each branch aggregates its own rows, the few results are combined.
 * Only for aggregates that combine exactly; float sums depend on their order and are left alone.
 */
export const partialAggregation = nodeRule(
  'partial-aggregation',
  'Aggregates each branch of a UNION ALL by itself, where branches belong to different sources, and combines the results.',
  (rel, ctx) => {
    if (rel.kind !== 'aggregate' || rel.groupingSets !== undefined) return rel;
    const union = unionBelow(rel.input);
    if (union === undefined || !spansSources(union.rel, ctx)) return rel;
    if (union.rel.inputs.every((input) => input.kind === 'aggregate')) return rel;
    if (rel.groups.some((g) => isVolatile(g.expr))) return rel;
    const parts = rel.aggregates.map((a) => partsOf(a));
    if (parts.includes(undefined)) return rel;
    return combine(
      rel,
      union,
      parts.flatMap((p) => p ?? []),
      ctx,
    );
  },
);

interface UnionBelow {
  readonly rel: SetOperation;
  /** Columns computed between the union and the aggregate. */
  readonly exprs: ReadonlyMap<ColumnId, Expr>;
}

function unionBelow(rel: Rel): UnionBelow | undefined {
  if (rel.kind === 'set-operation') {
    return rel.op === 'union' && rel.all ? { rel, exprs: new Map() } : undefined;
  }
  if (rel.kind !== 'project' || rel.columns.some((c) => isVolatile(c.expr))) return undefined;
  const below = unionBelow(rel.input);
  if (below === undefined) return undefined;
  return { rel: below.rel, exprs: new Map(rel.columns.map((c) => [c.id, substitute(c.expr, below.exprs)])) };
}

function spansSources(union: SetOperation, ctx: OptimizeContext): boolean {
  const places = union.inputs.map((input) => placementOf(input, ctx));
  return new Set(places.flatMap((p) => (p.kind === 'domain' ? [p.domain] : []))).size > 1;
}

/** How an aggregate is put together from partial ones. */
interface Combination {
  readonly column: AggregateColumn;
  /** Partial aggregates, one column each. */
  readonly parts: readonly { readonly fn: string; readonly args: readonly Expr[]; readonly type: DataType }[];
  /** The function that combines each part. */
  readonly merge: readonly { readonly fn: string; readonly type: DataType }[];
  readonly result: (merged: readonly Expr[]) => Expr;
}

const hugeint: DataType = { id: 'hugeint' };
const bigint: DataType = { id: 'bigint' };

function partsOf(column: AggregateColumn): readonly Combination[] | undefined {
  const { call } = column;
  const [arg] = call.args;
  if (call.distinct || call.orderBy !== undefined) return undefined;
  const own = { fn: call.fn, args: call.args, type: call.type };
  const count = { fn: 'count', args: call.args, type: bigint };
  const first = (merged: readonly Expr[]): Expr => merged[0] ?? columnRef(column);
  switch (call.fn) {
    case 'count':
    case 'count_star':
      // SUM of BIGINT is HUGEINT.
      return [
        {
          column,
          parts: [own],
          merge: [{ fn: 'sum', type: hugeint }],
          result: (merged) => ({ kind: 'cast', arg: first(merged), type: bigint, try: false }),
        },
      ];
    case 'min':
    case 'max':
    case 'bool_and':
    case 'bool_or':
      return call.args.length === 1 ? [{ column, parts: [own], merge: [own], result: first }] : undefined;
    case 'sum':
      if (arg === undefined || !isExactNumber(typeOf(arg)) || !isExactNumber(call.type)) return undefined;
      return [{ column, parts: [own], merge: [own], result: first }];
    case 'avg': {
      const total = arg === undefined ? undefined : sumType(typeOf(arg));
      if (total === undefined || call.type.id !== 'double') return undefined;
      const sum = { fn: 'sum', args: call.args, type: total };
      return [
        {
          column,
          parts: [sum, count],
          merge: [
            { fn: 'sum', type: total },
            { fn: 'sum', type: hugeint },
          ],
          result: (merged) => ({ kind: 'call', fn: '/', args: merged.map(asDouble), type: call.type }),
        },
      ];
    }
    default:
      return undefined;
  }
}

/** The type of DuckDB's SUM over the type. */
function sumType(type: DataType): DataType | undefined {
  if (type.id === 'decimal') return { id: 'decimal', precision: 38, scale: type.scale };
  const summable: readonly DataType['id'][] = ['tinyint', 'smallint', 'integer', 'bigint', 'hugeint'];
  return summable.includes(type.id) ? hugeint : undefined;
}

function asDouble(arg: Expr): Expr {
  return { kind: 'cast', arg, type: { id: 'double' }, try: false };
}

function combine(
  rel: Aggregate,
  union: UnionBelow,
  combinations: readonly Combination[],
  ctx: OptimizeContext,
): Rel {
  const fresh = (column: Column): Column => ({ ...plain(column), id: ctx.newId() });
  const parts = combinations.flatMap((c) =>
    c.parts.map((part) => ({ part, column: fresh({ ...plain(c.column), type: part.type }) })),
  );
  const keys = rel.groups.map(fresh);
  const branches = union.rel.inputs.map((input, i): Aggregate => {
    const exprs = inBranch(union, i);
    const own = mapExprs({ ...rel, input }, (e) => substitute(substitute(e, union.exprs), exprs));
    const source = own.kind === 'aggregate' ? own : rel;
    return {
      kind: 'aggregate',
      input,
      groups: source.groups.map((g) => ({ ...g, id: ctx.newId() })),
      aggregates: combinations.flatMap((c) => {
        const call = source.aggregates.find((a) => a.id === c.column.id)?.call ?? c.column.call;
        return c.parts.map((part) => ({
          ...plain(c.column),
          id: ctx.newId(),
          type: part.type,
          call: { ...call, fn: part.fn, type: part.type },
        }));
      }),
    };
  });
  const unionColumns = [...keys, ...parts.map((p) => p.column)];
  const partials: SetOperation = {
    kind: 'set-operation',
    op: 'union',
    all: true,
    inputs: branches,
    columns: unionColumns,
    feeds: branches.map((b) => [...b.groups, ...b.aggregates].map((c) => c.id)),
  };
  const groups = rel.groups.map((g, i) => ({ ...plain(g), expr: columnRef(keys[i] ?? g) }));
  const merged = combinations.flatMap((c) => c.merge.map((m) => ({ ...m, name: c.column.name })));
  const aggregates = merged.map((m, i): AggregateColumn => {
    const arg = parts[i]?.column;
    return {
      id: ctx.newId(),
      name: m.name,
      type: m.type,
      call: { fn: m.fn, args: arg === undefined ? [] : [columnRef(arg)], distinct: false, type: m.type },
    };
  });
  return {
    kind: 'project',
    input: { kind: 'aggregate', input: partials, groups, aggregates },
    columns: results(),
  };

  function results(): readonly ComputedColumn[] {
    let next = 0;
    const values = combinations.map((c): ComputedColumn => {
      const own = aggregates.slice(next, next + c.merge.length).map(columnRef);
      next += c.merge.length;
      return { ...plain(c.column), expr: c.result(own) };
    });
    return [...groups.map((g) => ({ ...plain(g), expr: columnRef(g) })), ...values];
  }
}

function inBranch(union: UnionBelow, branch: number): ReadonlyMap<ColumnId, Expr> {
  const feeds = union.rel.feeds[branch] ?? [];
  return new Map(
    union.rel.columns.map((c, i) => [c.id, { kind: 'column', id: feeds[i] ?? c.id, type: c.type }]),
  );
}
