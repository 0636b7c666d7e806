import {
  type Column,
  type ColumnId,
  type Expr,
  type Rel,
  columnsOf,
  literal,
  outputOf,
  substitute,
} from '@tributary/contract';
import { simplify } from '../expressions/simplify.js';
import { strictFunctions } from '../expressions/strict.js';

/** Columns of the relation that hold no NULL in any row. */
export function nonNullColumns(rel: Rel): ReadonlySet<ColumnId> {
  const found = new Set<ColumnId>();
  collect(rel, found);
  return found;
}

function collect(rel: Rel, into: Set<ColumnId>): void {
  switch (rel.kind) {
    case 'scan':
      for (const column of rel.columns) if (!column.nullable) into.add(column.id);
      return;
    case 'values':
      rel.columns.forEach((column, i) => {
        if (rel.rows.every((row) => isNonNull(row[i], into))) into.add(column.id);
      });
      return;
    case 'filter':
      collect(rel.input, into);
      for (const id of rejectedBy(rel.predicates)) into.add(id);
      return;
    case 'project':
      collect(rel.input, into);
      for (const column of rel.columns) if (isNonNull(column.expr, into)) into.add(column.id);
      return;
    case 'aggregate':
      collect(rel.input, into);
      if (rel.groupingSets === undefined) {
        for (const group of rel.groups) if (isNonNull(group.expr, into)) into.add(group.id);
      } else {
        for (const group of rel.groups) into.delete(group.id);
      }
      for (const a of rel.aggregates) {
        if (a.call.fn === 'count' || a.call.fn === 'count_star') into.add(a.id);
      }
      return;
    case 'window':
      collect(rel.input, into);
      return;
    case 'distinct':
    case 'sort':
    case 'limit':
      collect(rel.input, into);
      return;
    case 'join':
    case 'dependent-join':
      collectJoin(rel, into);
      return;
    case 'set-operation': {
      const inputs = rel.inputs.map(nonNullColumns);
      rel.columns.forEach((column, i) => {
        const sides = rel.op === 'except' ? inputs.slice(0, 1) : inputs;
        const known = sides.map((side, n) => side.has(rel.feeds[n]?.[i] ?? -1));
        if (rel.op === 'intersect' ? known.some(Boolean) : known.every(Boolean)) into.add(column.id);
      });
      return;
    }
    case 'with':
      collect(rel.body, into);
      return;
    case 'cte-ref':
    case 'dependent-scan':
    case 'remote':
      return;
  }
}

function collectJoin(rel: Rel & { readonly kind: 'join' | 'dependent-join' }, into: Set<ColumnId>): void {
  switch (rel.type) {
    case 'inner':
      collect(rel.left, into);
      collect(rel.right, into);
      for (const id of rejectedBy(rel.on)) into.add(id);
      return;
    case 'left':
    case 'single':
    case 'anti':
    case 'mark':
      collect(rel.left, into);
      return;
    case 'semi': {
      collect(rel.left, into);
      const rejected = rejectedBy(rel.on);
      for (const column of outputOf(rel.left)) if (rejected.has(column.id)) into.add(column.id);
      return;
    }
    case 'right':
      collect(rel.right, into);
      return;
    case 'full':
      return;
  }
}

/** Whether the expression is never NULL, given columns that are not. */
export function isNonNull(expr: Expr | undefined, known: ReadonlySet<ColumnId>): boolean {
  if (expr === undefined) return false;
  switch (expr.kind) {
    case 'column':
      return known.has(expr.id);
    case 'literal':
      return expr.value !== null;
    case 'is-null':
      return true;
    case 'compare':
      return (
        expr.op === 'is-distinct' ||
        expr.op === 'is-not-distinct' ||
        (isNonNull(expr.left, known) && isNonNull(expr.right, known))
      );
    case 'and':
    case 'or':
      return expr.args.every((a) => isNonNull(a, known));
    case 'not':
      return isNonNull(expr.arg, known);
    case 'cast':
      return !expr.try && isNonNull(expr.arg, known);
    case 'case':
      return isNonNull(expr.otherwise, known) && expr.branches.every((b) => isNonNull(b.then, known));
    case 'call':
      return expr.fn === 'coalesce' && expr.args.some((a) => isNonNull(a, known));
    case 'in':
      return isNonNull(expr.arg, known) && expr.list.every((item) => isNonNull(item, known));
    case 'parameter':
    case 'in-key-set':
      return false;
  }
}

/** Columns that must not be NULL for all the predicates to be true. */
export function rejectedBy(predicates: readonly Expr[]): ReadonlySet<ColumnId> {
  const found = new Set<ColumnId>();
  for (const predicate of predicates) {
    for (const id of columnsOf(predicate)) {
      if (!found.has(id) && isStrictIn(predicate, id)) found.add(id);
    }
  }
  return found;
}

/** Whether the predicate cannot be true where the column is NULL; false where that is not plain to see. */
function isStrictIn(expr: Expr, id: ColumnId): boolean {
  switch (expr.kind) {
    case 'and':
      return expr.args.some((a) => isStrictIn(a, id));
    case 'or':
      return expr.args.every((a) => isStrictIn(a, id));
    case 'is-null':
      return expr.negated && isNullWith(expr.arg, id);
    case 'in-key-set':
      return expr.args.some((a) => isNullWith(a, id));
    case 'column':
    case 'compare':
    case 'in':
    case 'cast':
    case 'call':
    case 'not':
    case 'literal':
    case 'parameter':
    case 'case':
      return isNullWith(expr, id);
  }
}

/** Whether the value is NULL wherever the column is. */
function isNullWith(expr: Expr, id: ColumnId): boolean {
  switch (expr.kind) {
    case 'column':
      return expr.id === id;
    case 'compare':
      return (
        expr.op !== 'is-distinct' &&
        expr.op !== 'is-not-distinct' &&
        (isNullWith(expr.left, id) || isNullWith(expr.right, id))
      );
    case 'in':
    case 'cast':
    case 'not':
      return isNullWith(expr.arg, id);
    case 'and':
    case 'or':
      return expr.args.every((a) => isNullWith(a, id));
    case 'call':
      return strictFunctions.has(expr.fn) && expr.args.some((a) => isNullWith(a, id));
    case 'is-null':
    case 'in-key-set':
    case 'literal':
    case 'parameter':
    case 'case':
      return false;
  }
}

/** Whether the predicate is false or NULL in every row where all of the columns are NULL. */
export function rejectsNulls(predicate: Expr, columns: readonly Column[]): boolean {
  const nulls = new Map<ColumnId, Expr>(columns.map((c) => [c.id, literal(c.type, null)]));
  const folded = simplify(substitute(predicate, nulls));
  if (folded.kind === 'literal') return folded.value === null || folded.value === 'false';
  if (folded.kind === 'and') {
    return folded.args.some((a) => a.kind === 'literal' && (a.value === null || a.value === 'false'));
  }
  return false;
}
