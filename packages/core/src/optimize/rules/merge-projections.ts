import {
  type ColumnId,
  type Expr,
  type Project,
  type Rel,
  columnsOf,
  mapInputs,
  outputOf,
  substitute,
} from '@tributary/contract';
import { isVolatile } from '../facts/volatility.js';
import type { Rule } from '../rule.js';

/** Merges projections into one and drops those that only rename nothing. */
export const mergeProjections: Rule = {
  name: 'merge-projections',
  description: 'Merges stacked projections and removes those that only pick or reorder columns.',
  apply: (rel) => merge(rel, true),
};

/** `exact`: whether someone above depends on which columns come, or in what order. */
function merge(rel: Rel, exact: boolean): Rel {
  switch (rel.kind) {
    case 'project':
      return mergeProject(rel, exact);
    case 'filter':
    case 'sort':
    case 'limit':
    case 'window':
      return mapInputs(rel, (input) => merge(input, exact));
    case 'distinct':
      return mapInputs(rel, (input) => merge(input, exact || rel.on === undefined));
    case 'join':
    case 'dependent-join': {
      const left = merge(rel.left, exact);
      const right = merge(rel.right, exact && rel.type !== 'semi' && rel.type !== 'anti' && rel.type !== 'mark');
      return left === rel.left && right === rel.right ? rel : { ...rel, left, right };
    }
    case 'with': {
      const definition = merge(rel.definition, false);
      const body = merge(rel.body, exact);
      return definition === rel.definition && body === rel.body ? rel : { ...rel, definition, body };
    }
    case 'aggregate':
    case 'set-operation':
      return mapInputs(rel, (input) => merge(input, false));
    case 'scan':
    case 'values':
    case 'dependent-scan':
    case 'cte-ref':
    case 'remote':
      return rel;
  }
}

function mergeProject(rel: Project, exact: boolean): Rel {
  const input = merge(rel.input, false);
  const merged = intoOne(rel, input);
  if (merged !== undefined) return mergeProject(merged, exact);
  if (isPick(rel) && (!exact || isIdentity(rel, input))) return input;
  return input === rel.input ? rel : { ...rel, input };
}

function isPick(rel: Project): boolean {
  return rel.columns.every((c) => c.expr.kind === 'column' && c.expr.id === c.id);
}

function isIdentity(rel: Project, input: Rel): boolean {
  const columns = outputOf(input);
  return columns.length === rel.columns.length && columns.every((c, i) => c.id === rel.columns[i]?.id);
}

/** The outer expressions over the inner projection's input, unless that would repeat work or a volatile call. */
function intoOne(outer: Project, input: Rel): Project | undefined {
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
