import {
  type Column,
  type ColumnId,
  type Expr,
  type Rel,
  columnsOf,
  exprsOf,
  mapAll,
  outputOf,
  pick,
} from '@tributary/contract';
import { outputIdsOf } from '../facts/output-ids.js';
import type { OptimizeContext } from '../context.js';
import { isUnique, matchedColumns } from '../facts/keys.js';
import { isVolatile } from '../facts/volatility.js';
import type { Rule } from '../rule.js';

/** Stops reading and computing what nobody uses. */
export const pruneColumns: Rule = {
  name: 'prune-columns',
  description: 'Drops unused columns, computations, aggregates, window functions and joins.',
  apply: (rel, ctx) => {
    const pruned = prune(rel, outputIdsOf(rel), ctx, new Map());
    return pick(pruned, outputOf(rel));
  },
};

/** Columns of each CTE that are read. */
type CteReads = Map<number, Set<ColumnId>>;

/** The relation yielding at least `needed`, in any order, and as little else as its operators allow. */
function prune(
  rel: Rel,
  needed: ReadonlySet<ColumnId>,
  ctx: OptimizeContext,
  ctes: CteReads = new Map(),
): Rel {
  const into = (input: Rel, columns: ReadonlySet<ColumnId>): Rel => prune(input, columns, ctx, ctes);
  switch (rel.kind) {
    case 'scan': {
      const columns = kept(rel.columns, needed);
      return columns === rel.columns ? rel : { ...rel, columns };
    }
    case 'values': {
      const columns = kept(rel.columns, needed);
      if (columns === rel.columns) return rel;
      const rows = rel.rows.map((row) => row.filter((_, i) => needed.has(rel.columns[i]?.id ?? -1)));
      return { ...rel, columns, rows };
    }
    case 'filter':
    case 'sort':
    case 'limit':
      return withInput(rel, into(rel.input, needed.union(readBy(rel))));
    case 'distinct': {
      // Without ON, a column more or less changes which rows are equal.
      const all = rel.on === undefined ? outputIdsOf(rel.input) : needed.union(readBy(rel));
      const input = into(rel.input, all);
      return withInput(rel, rel.on === undefined ? pick(input, outputOf(rel.input)) : input);
    }
    case 'project': {
      const columns = kept(rel.columns, needed);
      const input = into(rel.input, readByAll(columns.map((c) => c.expr)));
      return input === rel.input && columns === rel.columns ? rel : { ...rel, input, columns };
    }
    case 'aggregate': {
      const aggregates = kept(rel.aggregates, needed);
      const next = aggregates === rel.aggregates ? rel : { ...rel, aggregates };
      return withInput(next, into(rel.input, readBy(next)));
    }
    case 'window': {
      const functions = kept(rel.functions, needed);
      if (functions.length === 0) return into(rel.input, needed);
      const next = functions === rel.functions ? rel : { ...rel, functions };
      return withInput(next, into(rel.input, needed.union(readBy(next))));
    }
    case 'join':
    case 'dependent-join':
      return pruneJoin(rel, needed, ctx, into);
    case 'set-operation':
      return pruneSetOperation(rel, needed, into);
    case 'with': {
      const body = into(rel.body, needed);
      const reads = ctes.get(rel.id) ?? new Set();
      const definition = into(rel.definition, reads);
      return body === rel.body && definition === rel.definition ? rel : { ...rel, body, definition };
    }
    case 'cte-ref': {
      const columns = kept(rel.columns, needed);
      const feeds = rel.feeds.filter((_, i) => needed.has(rel.columns[i]?.id ?? -1));
      ctes.set(rel.cte, (ctes.get(rel.cte) ?? new Set<ColumnId>()).union(new Set(feeds)));
      return columns === rel.columns ? rel : { ...rel, columns, feeds };
    }
    case 'dependent-scan':
    case 'remote':
      return rel;
  }
}

function kept<T extends Column>(columns: readonly T[], needed: ReadonlySet<ColumnId>): readonly T[] {
  const used = columns.filter((c) => needed.has(c.id));
  return used.length === columns.length ? columns : used;
}

function readByAll(exprs: readonly Expr[]): Set<ColumnId> {
  const found = new Set<ColumnId>();
  for (const expr of exprs) columnsOf(expr, found);
  return found;
}

function readBy(rel: Rel): Set<ColumnId> {
  return readByAll(exprsOf(rel));
}

function withInput<T extends Rel & { readonly input: Rel }>(rel: T, input: Rel): T {
  return input === rel.input ? rel : { ...rel, input };
}

type Into = (input: Rel, columns: ReadonlySet<ColumnId>) => Rel;

function pruneJoin(
  rel: Rel & { readonly kind: 'join' | 'dependent-join' },
  needed: ReadonlySet<ColumnId>,
  ctx: OptimizeContext,
  into: Into,
): Rel {
  if (isIdle(rel, needed, ctx)) return into(rel.left, needed);
  const read = needed.union(readBy(rel));
  const left = into(rel.left, read);
  const right = into(rel.right, read);
  return left === rel.left && right === rel.right ? rel : { ...rel, left, right };
}

/** Whether the join neither drops, nor repeats, nor adds anything to the left rows that is read. */
function isIdle(
  rel: Rel & { readonly kind: 'join' | 'dependent-join' },
  needed: ReadonlySet<ColumnId>,
  ctx: OptimizeContext,
): boolean {
  if (rel.type === 'mark') return rel.mark === undefined || !needed.has(rel.mark.id);
  if (rel.type !== 'left' && rel.type !== 'single') return false;
  const rightIds = outputIdsOf(rel.right);
  if (!rightIds.isDisjointFrom(needed) || rel.on.some(isVolatile)) return false;
  return isUnique(rel.right, matchedColumns(rel.on, rightIds), ctx);
}

function pruneSetOperation(
  rel: Rel & { readonly kind: 'set-operation' },
  needed: ReadonlySet<ColumnId>,
  into: Into,
): Rel {
  const isFree = rel.op === 'union' && rel.all;
  const positions = rel.columns
    .map((_, i) => i)
    .filter((i) => !isFree || needed.has(rel.columns[i]?.id ?? -1));
  const inputs = mapAll(rel.inputs, (input) => {
    const feeds = rel.feeds[rel.inputs.indexOf(input)] ?? [];
    return into(input, new Set(positions.flatMap((i) => feeds[i] ?? [])));
  });
  if (positions.length === rel.columns.length) return inputs === rel.inputs ? rel : { ...rel, inputs };
  return {
    ...rel,
    inputs,
    columns: positions.flatMap((i) => rel.columns[i] ?? []),
    feeds: rel.feeds.map((feeds) => positions.flatMap((i) => feeds[i] ?? [])),
  };
}
