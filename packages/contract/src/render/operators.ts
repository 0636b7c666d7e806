import {
  type ColumnId,
  type Distinct,
  type Expr,
  type Filter,
  type Limit,
  type Project,
  type Sort,
  type Window,
  type WindowCall,
  columnRef,
  exprsOf,
  outputOf,
} from '../plan/index.js';
import { type Block, type BoundColumn, type OrderItem, isOpen, isUnfinished, withColumns } from './block.js';
import { renderText } from './expression.js';
import { bind, inlinable, readsColumn } from './inlining.js';
import { conjunctTexts } from './predicates.js';
import type { Rendering } from './rendering.js';
import { wrap } from './select-text.js';
import { needGroupable, renderSortKey, sortKeyText } from './sort-key.js';
import { level } from './text.js';
import { renderWindow } from './window-call.js';

export function filterBlock(rel: Filter, input: Block, rendering: Rendering): Block {
  const wanted = rendering.required.of(rel.input);
  const isGrouped =
    input.group !== undefined && !input.windowed && isUnfinished(input) && input.orderBy.length === 0;
  const ready = isOpen(input) || isGrouped ? input : wrap(rendering, input, wanted);
  const block = inlinable(ready, rel.predicates, rendering, wanted, { subqueries: true });
  const texts = conjunctTexts(rel.predicates, rendering.scope(block.columns));
  const isCorrelated = readsColumn(rel.predicates, block, (column) => column.outer !== undefined);
  return block.group === undefined
    ? { ...block, where: [...block.where, ...texts], correlated: block.correlated || isCorrelated }
    : { ...block, having: [...block.having, ...texts] };
}

export function projectBlock(rel: Project, input: Block, rendering: Rendering): Block {
  const wanted = rendering.required.of(rel);
  const columns = rel.columns.filter((column) => wanted.has(column.id));
  const computed = columns.filter((column) => column.expr.kind !== 'column');
  const isPick = computed.length === 0 && (input.compound === undefined || columns.every(isUnchanged));
  // DISTINCT looks at all its columns, and an expression after LIMIT must not see the rows that it cut off.
  const keeps = isUnfinished(input) || (isPick && (input.distinct !== true || coversAll(input, columns)));
  const below = rendering.required.of(rel.input);
  const ready = keeps ? input : wrap(rendering, input, below);
  const block = inlinable(
    ready,
    computed.map((column) => column.expr),
    rendering,
    below,
    { subqueries: true },
  );
  const once = repeatsVolatile(columns, block) ? wrap(rendering, block, below) : block;
  const scope = rendering.scope(once.columns);
  return withColumns(
    once,
    columns.map((column): [ColumnId, BoundColumn] => [
      column.id,
      bind(column.expr, column.name, once, scope),
    ]),
  );
}

export function windowBlock(rel: Window, input: Block, rendering: Rendering): Block {
  const wanted = rendering.required.of(rel);
  const functions = rel.functions.filter((fn) => wanted.has(fn.id));
  if (functions.length === 0) return input;
  const exprs = exprsOf({ ...rel, functions });
  const below = rendering.required.of(rel.input);
  const nests = readsColumn(exprs, input, (column) => column.windowed === true);
  const ready =
    !isUnfinished(input) || input.orderBy.length > 0 || nests ? wrap(rendering, input, below) : input;
  const block = inlinable(ready, exprs, rendering, below, { subqueries: false });
  const scope = rendering.scope(block.columns);
  const computed = functions.map((fn): [ColumnId, BoundColumn] => [
    fn.id,
    {
      sql: renderWindow(withoutConstants(fn.call, block), scope),
      level: level.atom,
      name: fn.name,
      simple: false,
      windowed: true,
    },
  ]);
  return { ...withColumns(block, [...block.columns, ...computed]), windowed: true };
}

export function distinctBlock(rel: Distinct, input: Block, rendering: Rendering): Block {
  const wanted = rendering.required.of(rel.input);
  const ready = !isUnfinished(input) || input.orderBy.length > 0 ? wrap(rendering, input, wanted) : input;
  if (rel.on === undefined) {
    const scope = rendering.scope(ready.columns);
    for (const column of outputOf(rel.input)) needGroupable(columnRef(column), scope);
    return { ...ready, distinct: true };
  }
  const block = inlinable(ready, exprsOf(rel), rendering, wanted, { subqueries: false });
  const scope = rendering.scope(block.columns);
  const on = rel.on.filter((expr) => !isConstant(expr, block));
  for (const expr of on) needGroupable(expr, scope);
  const keys = on.map((expr) => renderText(expr, scope));
  const rest = (rel.orderBy ?? [])
    .filter((key) => !isConstant(key.expr, block))
    .map((key) => renderSortKey(key, scope));
  // PostgreSQL wants the ON expressions first in ORDER BY; within a group they are equal, so their direction is nothing.
  const orderBy = rest.length === 0 ? [] : [...keys, ...rest].map((sql) => ({ sql }));
  return keys.length === 0
    ? { ...block, orderBy, limit: rendering.dialect.limit('1', undefined) }
    : { ...block, distinct: keys, orderBy };
}

export function sortBlock(rel: Sort, input: Block, rendering: Rendering): Block {
  const wanted = rendering.required.of(rel.input);
  const ready = isUnfinished(input) ? input : wrap(rendering, input, wanted);
  const block = inlinable(ready, exprsOf(rel), rendering, wanted, { subqueries: false });
  const scope = rendering.scope(block.columns);
  const orderBy = rel.keys
    .filter((key) => !isConstant(key.expr, block))
    .map((key): OrderItem => {
      const sql = renderSortKey(key, scope);
      const isComputed = key.expr.kind === 'column' && block.columns.get(key.expr.id)?.simple === false;
      if (!isComputed || key.expr.kind !== 'column') return { sql };
      return {
        sql,
        byAlias: { id: key.expr.id, sql: (alias) => plainKey(alias, sortKeyText(key, alias, scope)) },
      };
    });
  return orderBy.length === 0 ? block : { ...block, orderBy };
}

export function limitBlock(rel: Limit, input: Block, rendering: Rendering): Block {
  const free = input.limit === undefined && input.compound === undefined;
  const block = free ? input : wrap(rendering, input, rendering.required.of(rel.input));
  const scope = rendering.scope(new Map());
  const text = (expr: Expr | undefined): string | undefined =>
    expr === undefined ? undefined : limitText(expr, renderText(expr, scope));
  return { ...block, limit: rendering.dialect.limit(text(rel.limit), text(rel.offset)) };
}

/** What is one value in the whole block parts and orders nothing; a distance along the sort key needs the key all the same. */
function withoutConstants(call: WindowCall, block: Block): WindowCall {
  const varies = (expr: Expr): boolean => !isConstant(expr, block);
  const isDistance =
    call.frame.unit === 'range' && [call.frame.start, call.frame.end].some((b) => 'offset' in b);
  return {
    ...call,
    partitionBy: call.partitionBy.filter(varies),
    orderBy: isDistance ? call.orderBy : call.orderBy.filter((key) => varies(key.expr)),
  };
}

/** A row count needs no type. */
function limitText(expr: Expr, rendered: string): string {
  return expr.kind === 'literal' && expr.value !== null && /^\d{1,18}$/.test(expr.value)
    ? expr.value
    : rendered;
}

/** Constants sort nothing, and as bare numbers ORDER BY and GROUP BY would take them for positions. */
export function isConstant(expr: Expr, block: Block): boolean {
  if (expr.kind === 'literal' || expr.kind === 'parameter') return true;
  if (expr.kind !== 'column') return false;
  const column = block.columns.get(expr.id);
  return column?.outer !== undefined || column?.constant === true;
}

/** An alias may be sorted by only when it stands alone: inside an expression databases look for input columns. */
function plainKey(alias: string, sql: string): string | undefined {
  return sql.startsWith(alias) && /^( ASC| DESC)?( NULLS (FIRST|LAST))?$/.test(sql.slice(alias.length))
    ? sql
    : undefined;
}

function isUnchanged({ id, expr }: Project['columns'][number]): boolean {
  return expr.kind === 'column' && expr.id === id;
}

function coversAll(block: Block, columns: Project['columns']): boolean {
  const ids = new Set(columns.map(({ expr }) => (expr.kind === 'column' ? expr.id : undefined)));
  return [...block.columns.keys()].every((id) => ids.has(id));
}

/** Whether a column that answers anew at every call would be written twice. */
function repeatsVolatile(columns: Project['columns'], block: Block): boolean {
  const seen = new Set<ColumnId>();
  return columns.some(({ expr }) => {
    if (expr.kind !== 'column' || block.columns.get(expr.id)?.volatile !== true) return false;
    if (seen.has(expr.id)) return true;
    seen.add(expr.id);
    return false;
  });
}
