import {
  type Column,
  type ColumnId,
  type Expr,
  type Rel,
  columnsOf,
  literal,
  substitute,
} from '@tributary/contract';
import { outputIdsOf } from './output-ids.js';
import { simplify } from '../expressions/simplify.js';
import { strictFunctions } from '../expressions/strict.js';

type Ids = ReadonlySet<ColumnId>;

const known = new WeakMap<Rel, Ids>();

/** Columns of the relation that hold no NULL in any row. Kept by relation, so the set must not be changed. */
export function nonNullColumns(rel: Rel): Ids {
  const found = known.get(rel);
  if (found !== undefined) return found;
  const ids = find(rel);
  known.set(rel, ids);
  return ids;
}

function find(rel: Rel): Ids {
  switch (rel.kind) {
    case 'scan':
      return new Set(rel.columns.filter((c) => !c.nullable).map((c) => c.id));
    case 'values': {
      const columns = rel.columns.filter((_, i) => rel.rows.every((row) => isNonNull(row[i], none)));
      return new Set(columns.map((c) => c.id));
    }
    case 'filter':
      return nonNullColumns(rel.input).union(rejectedBy(rel.predicates));
    case 'project': {
      const below = nonNullColumns(rel.input);
      return new Set(rel.columns.filter((c) => isNonNull(c.expr, below)).map((c) => c.id));
    }
    case 'aggregate': {
      const below = nonNullColumns(rel.input);
      const groups = rel.groupingSets === undefined ? rel.groups.filter((g) => isNonNull(g.expr, below)) : [];
      const counts = rel.aggregates.filter((a) => a.call.fn === 'count' || a.call.fn === 'count_star');
      return new Set([...groups, ...counts].map((c) => c.id));
    }
    case 'window':
    case 'distinct':
    case 'sort':
    case 'limit':
      return nonNullColumns(rel.input);
    case 'join':
    case 'dependent-join':
      return afterJoin(rel);
    case 'set-operation':
      return afterSetOperation(rel);
    case 'with':
      return nonNullColumns(rel.body);
    case 'cte-ref':
    case 'dependent-scan':
    case 'remote':
      return none;
  }
}

const none: Ids = new Set();

function afterJoin(rel: Rel & { readonly kind: 'join' | 'dependent-join' }): Ids {
  switch (rel.type) {
    case 'inner':
      return nonNullColumns(rel.left).union(nonNullColumns(rel.right)).union(rejectedBy(rel.on));
    case 'left':
    case 'single':
    case 'anti':
    case 'mark':
      return nonNullColumns(rel.left);
    case 'semi':
      return nonNullColumns(rel.left).union(rejectedBy(rel.on).intersection(outputIdsOf(rel.left)));
    case 'right':
      return nonNullColumns(rel.right);
    case 'full':
      return none;
  }
}

function afterSetOperation(rel: Rel & { readonly kind: 'set-operation' }): Ids {
  const sides = (rel.op === 'except' ? rel.inputs.slice(0, 1) : rel.inputs).map(nonNullColumns);
  const columns = rel.columns.filter((_, i) => {
    const present = sides.map((side, n) => side.has(rel.feeds[n]?.[i] ?? -1));
    return rel.op === 'intersect' ? present.some(Boolean) : present.every(Boolean);
  });
  return new Set(columns.map((c) => c.id));
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
