import {
  type Aggregate,
  type AggregateCall,
  type ColumnId,
  type DataType,
  type Expr,
  columnRef,
  exprsOf,
  someExpr,
  typeOf,
} from '../plan/index.js';
import { renderAggregate } from './aggregate-call.js';
import { type Block, type BoundColumn, isOpen, withColumns } from './block.js';
import { renderText } from './expression.js';
import { bind, inlinable } from './inlining.js';
import { isConstant } from './operators.js';
import { refuse } from './refusal.js';
import type { Rendering } from './rendering.js';
import { wrap } from './select-text.js';
import { needGroupable } from './sort-key.js';
import { level } from './text.js';

export function aggregateBlock(rel: Aggregate, input: Block, rendering: Rendering): Block {
  const wanted = rendering.required.of(rel);
  const below = rendering.required.of(rel.input);
  const aggregates = rel.aggregates.filter((aggregate) => wanted.has(aggregate.id));
  const ready = isOpen(input) ? input : wrap(rendering, input, below);
  const inlined = inlinable(ready, exprsOf({ ...rel, aggregates }), rendering, below, { subqueries: false });
  const { block, keys } = groupKeys(rel, inlined, rendering, below);
  const scope = rendering.scope(block.columns);
  for (const key of keys) needGroupable(key, scope);

  const grouped = rel.groups.map((group, i): [ColumnId, BoundColumn] => {
    const key = keys[i] ?? group.expr;
    return [group.id, bind(key, group.name, block, scope)];
  });
  const computed = aggregates.map((aggregate): [ColumnId, BoundColumn] => [
    aggregate.id,
    {
      sql: renderAggregate(withoutConstantOrder(aggregate.call, block), scope),
      level: level.atom,
      name: aggregate.name,
      simple: false,
      aggregated: true,
    },
  ]);
  const texts = keys.map((key) => renderText(key, scope));
  const groupings = (rel.groupingFunctions ?? []).map((fn): [ColumnId, BoundColumn] => [
    fn.id,
    {
      sql: groupingText(
        fn.args.map((i) => texts[i] ?? ''),
        fn.args.flatMap((i) => keys.slice(i, i + 1)),
        fn.type,
        rendering,
      ),
      level: level.atom,
      name: fn.name,
      simple: false,
      aggregated: true,
    },
  ]);

  const columns = [...grouped, ...computed, ...groupings];
  // What an enclosing block fixes is one value here, and groups nothing but "no row at all".
  const own = keys.flatMap((key, i) => (isOuter(key, block) ? [] : texts.slice(i, i + 1)));
  const sets = rel.groupingSets?.map((set) => `(${set.map((i) => texts[i] ?? '').join(', ')})`);
  return {
    ...withColumns(block, columns),
    group: { keys: sets === undefined ? [...new Set(own)].join(', ') : `GROUPING SETS (${sets.join(', ')})` },
    having: rel.groups.length > 0 && own.length === 0 && sets === undefined ? ['count(*) > 0'] : [],
  };
}

/** Constants order nothing, and DuckDB refuses them. */
function withoutConstantOrder(call: AggregateCall, block: Block): AggregateCall {
  const { orderBy, ...rest } = call;
  const varying = orderBy?.filter((key) => !isConstant(key.expr, block)) ?? [];
  return varying.length === 0 ? rest : { ...rest, orderBy: varying };
}

/**
 * The group keys as they may stand in GROUP BY. A constant there would be a position, a repeated parameter may not count as the
 * same expression, and grouping sets need keys that are told apart: such keys become columns of a sub-select first.
 */
function groupKeys(
  rel: Aggregate,
  block: Block,
  rendering: Rendering,
  below: ReadonlySet<ColumnId>,
): { readonly block: Block; readonly keys: readonly Expr[] } {
  const keys = rel.groups.map((group) => group.expr);
  const bound = (key: Expr): BoundColumn | undefined =>
    key.kind === 'column' ? block.columns.get(key.id) : undefined;
  const isAwkward = (key: Expr): boolean => {
    const column = bound(key);
    if (rel.groupingSets !== undefined) return column?.simple !== true || column.outer !== undefined;
    return column === undefined ? isConstantOrBound(key) : column.constant === true;
  };
  const repeats =
    rel.groupingSets !== undefined && new Set(keys.map((key) => bound(key)?.sql)).size < keys.length;
  if (!keys.some(isAwkward) && !repeats) return { block, keys };
  const scope = rendering.scope(block.columns);
  const computed = rel.groups.map((group): [ColumnId, BoundColumn] => [
    group.id,
    bind(group.expr, group.name, block, scope),
  ]);
  const named = withColumns(block, [...block.columns, ...computed]);
  const wanted = new Set([...below, ...rel.groups.map((group) => group.id)]);
  return { block: wrap(rendering, named, wanted, { ownOuter: true }), keys: rel.groups.map(columnRef) };
}

function isConstantOrBound(key: Expr): boolean {
  return !someExpr(key, (e) => e.kind === 'column') || someExpr(key, (e) => e.kind === 'parameter');
}

function isOuter(key: Expr, block: Block): boolean {
  return key.kind === 'column' && block.columns.get(key.id)?.outer !== undefined;
}

function groupingText(
  args: readonly string[],
  keys: readonly Expr[],
  result: DataType,
  rendering: Rendering,
): string {
  for (const rule of rendering.dialect.aggregates.get('grouping') ?? []) {
    const sql = rule.render(args, { types: keys.map(typeOf), result, args: keys, distinct: false });
    if (sql !== undefined) return sql;
  }
  return refuse('AGGREGATE_NOT_IN_DIALECT', 'no exact counterpart of GROUPING');
}
