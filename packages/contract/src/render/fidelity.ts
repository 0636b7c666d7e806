import {
  type Column,
  type ColumnId,
  type ComparisonFidelity,
  type Expr,
  type Rel,
  inputsOf,
} from '../plan/index.js';

/** The columns whose comparison in the source does not agree fully with the engine's; all others are `ordered`. */
export type Fidelities = ReadonlyMap<ColumnId, ComparisonFidelity>;

const ranks: Readonly<Record<ComparisonFidelity, number>> = { none: 0, equality: 1, ordered: 2 };

export function suffices(has: ComparisonFidelity, needed: ComparisonFidelity): boolean {
  return ranks[has] >= ranks[needed];
}

function weaker(a: ComparisonFidelity, b: ComparisonFidelity): ComparisonFidelity {
  return ranks[a] <= ranks[b] ? a : b;
}

/**
 * The fidelity of an expression's values. Only what hands a column's value on unchanged inherits the column's;
 * what computes a new value was refused already if the column did not allow it.
 */
export function valueFidelity(
  expr: Expr,
  fidelity: (id: ColumnId) => ComparisonFidelity,
): ComparisonFidelity {
  switch (expr.kind) {
    case 'column':
      return fidelity(expr.id);
    case 'case':
      return expr.branches.reduce(
        (weakest, branch) => weaker(weakest, valueFidelity(branch.then, fidelity)),
        valueFidelity(expr.otherwise, fidelity),
      );
    case 'call':
      return handsOn(expr.fn)
        ? expr.args.reduce<ComparisonFidelity>(
            (weakest, arg) => weaker(weakest, valueFidelity(arg, fidelity)),
            'ordered',
          )
        : 'ordered';
    case 'literal':
    case 'parameter':
    case 'compare':
    case 'and':
    case 'or':
    case 'not':
    case 'is-null':
    case 'in':
    case 'in-key-set':
    case 'cast':
      return 'ordered';
  }
}

/** Whether the function returns one of its arguments without looking further than NULL. */
export function handsOn(fn: string): boolean {
  return fn === 'coalesce';
}

/** The fidelities of all columns of a plan, in one pass; what is not in the map is `ordered`. */
export function fidelitiesOf(root: Rel): Fidelities {
  const fidelities = new Map<ColumnId, ComparisonFidelity>();
  const correlated = new Map<number, readonly Expr[]>();
  const stack: { readonly rel: Rel; readonly inputsDone: boolean }[] = [{ rel: root, inputsDone: false }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { rel, inputsDone } = next;
    if (rel.kind === 'dependent-join') correlated.set(rel.id, rel.correlated);
    if (inputsDone) {
      record(rel, fidelities, correlated);
    } else {
      stack.push({ rel, inputsDone: true });
      for (const input of inputsOf(rel).toReversed()) stack.push({ rel: input, inputsDone: false });
    }
  }
  return fidelities;
}

/** Records the columns that one node introduces; those of its inputs, of CTEs and of dependent left sides stand already. */
function record(
  rel: Rel,
  into: Map<ColumnId, ComparisonFidelity>,
  correlated: ReadonlyMap<number, readonly Expr[]>,
): void {
  const of = (id: ColumnId): ComparisonFidelity => into.get(id) ?? 'ordered';
  const set = (column: Column, fidelity: ComparisonFidelity): void => {
    if (fidelity !== 'ordered') into.set(column.id, fidelity);
  };
  switch (rel.kind) {
    case 'scan':
      for (const column of rel.columns) set(column, column.comparison);
      return;
    case 'project':
      for (const column of rel.columns) set(column, valueFidelity(column.expr, of));
      return;
    case 'aggregate':
      for (const group of rel.groups) set(group, valueFidelity(group.expr, of));
      return;
    case 'set-operation':
      rel.columns.forEach((column, i) => {
        const feeds = rel.feeds.flatMap((feed) => feed.slice(i, i + 1));
        set(column, feeds.map(of).reduce(weaker, 'ordered'));
      });
      return;
    case 'cte-ref':
      rel.columns.forEach((column, i) => {
        const feed = rel.feeds[i];
        if (feed !== undefined) set(column, of(feed));
      });
      return;
    case 'dependent-scan':
      rel.columns.forEach((column, i) => {
        const expr = correlated.get(rel.join)?.[i];
        if (expr !== undefined) set(column, valueFidelity(expr, of));
      });
      return;
    case 'values':
    case 'filter':
    case 'join':
    case 'dependent-join':
    case 'distinct':
    case 'window':
    case 'sort':
    case 'limit':
    case 'with':
    case 'remote':
      return;
  }
}
