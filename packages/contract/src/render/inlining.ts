import { type ColumnId, type Expr, childrenOf, someExpr } from '../plan/index.js';
import type { Block, BoundColumn } from './block.js';
import { type ExprScope, renderExpr } from './expression.js';
import type { Rendering } from './rendering.js';
import { wrap } from './select-text.js';

/** A computed column this short may be written again wherever it is read. */
const longestRepeated = 60;
/** A computed column longer than this is named by a sub-select rather than written into another expression. */
const longestInlined = 400;

const volatileFunctions: ReadonlySet<string> = new Set([
  'random',
  'uuid',
  'gen_random_uuid',
  'uuidv4',
  'uuidv7',
  'nextval',
]);

/**
 * The block such that the expressions may be written over its columns: wrapped into a sub-select where a column's text
 * would be repeated too often, or must not move into this place at all.
 */
export function inlinable(
  block: Block,
  exprs: readonly Expr[],
  rendering: Rendering,
  wanted: ReadonlySet<ColumnId>,
  place: { readonly subqueries: boolean },
): Block {
  const computed = [...block.columns].filter(([, column]) => !column.simple);
  if (computed.length === 0) return block;
  const uses = new Map<ColumnId, number>();
  for (const expr of exprs) countUses(expr, uses);
  const mustWrap = computed.some(([id, column]) => {
    const count = uses.get(id) ?? 0;
    if (count === 0) return false;
    if (column.volatile === true || (column.subquery === true && !place.subqueries)) return true;
    // A sub-select in a predicate is what the user wrote; twice it would run twice.
    if (column.subquery === true) return count > 1;
    return column.sql.length > (count > 1 ? longestRepeated : longestInlined);
  });
  return mustWrap ? wrap(rendering, block, wanted) : block;
}

function countUses(expr: Expr, uses: Map<ColumnId, number>): void {
  if (expr.kind === 'column') uses.set(expr.id, (uses.get(expr.id) ?? 0) + 1);
  for (const child of childrenOf(expr)) countUses(child, uses);
}

/** What a computed expression is to its block, given what its columns are. */
export function bind(expr: Expr, name: string, block: Block, scope: ExprScope): BoundColumn {
  if (expr.kind === 'column') {
    const column = block.columns.get(expr.id);
    if (column !== undefined) return { ...column, name };
  }
  const flags = new Set<'aggregated' | 'windowed' | 'subquery' | 'volatile'>();
  collectFlags(expr, block, flags);
  return {
    ...renderExpr(expr, scope),
    name,
    simple: false,
    constant: !someExpr(expr, (e) => e.kind === 'column' && block.columns.get(e.id)?.constant !== true),
    aggregated: flags.has('aggregated'),
    windowed: flags.has('windowed'),
    subquery: flags.has('subquery'),
    volatile: flags.has('volatile'),
  };
}

function collectFlags(
  expr: Expr,
  block: Block,
  flags: Set<'aggregated' | 'windowed' | 'subquery' | 'volatile'>,
): void {
  if (expr.kind === 'column') {
    const column = block.columns.get(expr.id);
    if (column?.aggregated === true) flags.add('aggregated');
    if (column?.windowed === true) flags.add('windowed');
    if (column?.subquery === true) flags.add('subquery');
    if (column?.volatile === true) flags.add('volatile');
  }
  if (expr.kind === 'call' && volatileFunctions.has(expr.fn)) flags.add('volatile');
  for (const child of childrenOf(expr)) collectFlags(child, block, flags);
}

/** Whether any expression reads a column of the block for which the test holds. */
export function readsColumn(
  exprs: readonly Expr[],
  block: Block,
  test: (column: BoundColumn) => boolean,
): boolean {
  return exprs.some((expr) =>
    someExpr(expr, (e) => {
      const column = e.kind === 'column' ? block.columns.get(e.id) : undefined;
      return column !== undefined && test(column);
    }),
  );
}
