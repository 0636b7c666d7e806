import {
  type ColumnId,
  type Expr,
  type Project,
  type Rel,
  columnsOf,
  exprsOf,
  mapExprs,
  mapInputs,
  outputOf,
  substitute,
} from '@tributary/contract';
import { isVolatile } from '../facts/volatility.js';
import type { Rule } from '../rule.js';

/** Merges projections into one and drops those that compute nothing: their readers read the columns below instead. */
export const mergeProjections: Rule = {
  name: 'merge-projections',
  description: 'Merges stacked projections and removes those that only pick, rename or reorder columns.',
  apply: (rel) => merge(rel, true, new Map()),
};

/** Columns of removed projections, by what they stood for. */
type Renames = Map<ColumnId, Expr & { readonly kind: 'column' }>;

/** `exact`: whether someone above depends on which columns come, under which ids, or in what order. */
function merge(rel: Rel, exact: boolean, renames: Renames): Rel {
  if (rel.kind === 'project') return mergeProject(rel, exact, renames);
  let next = -1;
  const merged = mapInputs(rel, (input) => {
    next += 1;
    return merge(input, isExact(rel, next, exact), renames);
  });
  return renamed(merged, renames);
}

/** Whether a node's parents depend on the exact columns of its input. */
function isExact(rel: Rel, input: number, exact: boolean): boolean {
  switch (rel.kind) {
    case 'filter':
    case 'sort':
    case 'limit':
    case 'window':
      return exact;
    case 'distinct':
      return exact || rel.on === undefined;
    case 'join':
    case 'dependent-join':
      return exact && (input === 0 || (rel.type !== 'semi' && rel.type !== 'anti' && rel.type !== 'mark'));
    case 'with':
      return exact && input === 1;
    case 'project':
    case 'aggregate':
    case 'set-operation':
    case 'scan':
    case 'values':
    case 'dependent-scan':
    case 'cte-ref':
    case 'remote':
      return false;
  }
}

/** The node reading what is left of removed projections. */
function renamed<T extends Rel>(rel: T, renames: Renames): Rel {
  if (renames.size === 0) return rel;
  const id = (from: ColumnId): ColumnId => renames.get(from)?.id ?? from;
  if (rel.kind === 'set-operation') {
    return rel.feeds.some((feeds) => feeds.some((f) => renames.has(f)))
      ? { ...rel, feeds: rel.feeds.map((feeds) => feeds.map(id)) }
      : rel;
  }
  if (rel.kind === 'cte-ref') {
    return rel.feeds.some((f) => renames.has(f)) ? { ...rel, feeds: rel.feeds.map(id) } : rel;
  }
  const reads = exprsOf(rel).some((expr) => [...columnsOf(expr)].some((c) => renames.has(c)));
  return reads ? mapExprs(rel, (expr) => substitute(expr, renames)) : rel;
}

function mergeProject(rel: Project, exact: boolean, renames: Renames): Rel {
  const input = merge(rel.input, false, renames);
  let project = renamed({ ...rel, input }, renames);
  while (project.kind === 'project') {
    const one = intoOne(project);
    if (one === undefined) break;
    project = one;
  }
  if (project.kind !== 'project') return project;
  if (exact ? isIdentity(project) : project.columns.every((c) => c.expr.kind === 'column')) {
    for (const { id, expr } of project.columns) {
      if (expr.kind === 'column' && expr.id !== id) renames.set(id, expr);
    }
    return project.input;
  }
  // A projection may yield a column under the id it had below: whoever is above means this one.
  for (const { id } of project.columns) renames.delete(id);
  const same =
    project.input === rel.input && project.columns.every((c, i) => c.expr === rel.columns[i]?.expr);
  return same ? rel : project;
}

function isIdentity(rel: Project): boolean {
  const columns = outputOf(rel.input);
  return (
    columns.length === rel.columns.length &&
    rel.columns.every(
      (c, i) =>
        c.expr.kind === 'column' &&
        c.expr.id === c.id &&
        columns[i]?.id === c.id &&
        columns[i].name === c.name,
    )
  );
}

/** The outer expressions over the inner projection's input, unless that would repeat work or a volatile call. */
function intoOne(outer: Project): Project | undefined {
  const { input } = outer;
  if (input.kind !== 'project') return undefined;
  const exprs = new Map<ColumnId, Expr>(input.columns.map((c) => [c.id, c.expr]));
  const reads = new Map<ColumnId, number>();
  for (const column of outer.columns) {
    for (const id of columnsOf(column.expr)) reads.set(id, (reads.get(id) ?? 0) + 1);
  }
  for (const column of input.columns) {
    const cheap = column.expr.kind === 'column' || column.expr.kind === 'literal';
    if (isVolatile(column.expr) || (!cheap && (reads.get(column.id) ?? 0) > 1)) return undefined;
  }
  const columns = outer.columns.map((c) => ({ ...c, expr: substitute(c.expr, exprs) }));
  return { kind: 'project', input: input.input, columns };
}
