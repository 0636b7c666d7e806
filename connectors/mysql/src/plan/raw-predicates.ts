import {
  type ColumnId,
  type ColumnRef,
  type Expr,
  type Project,
  type Rel,
  rewriteRel,
  typeOf,
} from '@tributary/connector-sdk';
import { formFunction, recode } from '../dialect/private-functions.js';

/**
 * Text is compared by its bytes, which no index of another collation knows. But equal bytes are equal under every collation: so an
 * equality with a constant is asked of the bare column as well, whose index finds the few rows that the exact comparison then looks
 * at. The same for dates that are read with a guard.
 */
export function withRawPredicates(relation: Rel): Rel {
  return rewriteRel(relation, (node) => {
    if (node.kind !== 'filter' || node.input.kind !== 'project' || node.input.input.kind !== 'scan')
      return node;
    const raw = rawColumns(node.input);
    const added = node.predicates.flatMap((predicate) => rawPredicate(predicate, raw) ?? []);
    if (added.length === 0) return node;
    const input: Rel = {
      ...node.input,
      input: { kind: 'filter', input: node.input.input, predicates: added },
    };
    // The engine joins with the keys again, so of a key set the exact comparison can be spared.
    const rest = node.predicates.filter(
      (predicate) => predicate.kind !== 'in-key-set' || rawPredicate(predicate, raw) === undefined,
    );
    return rest.length === 0 ? input : { ...node, input, predicates: rest };
  });
}

interface RawColumn {
  readonly ref: ColumnRef;
  /** Character set and collation of text that is not in utf8mb4, in which constants must stand beside it; else empty. */
  readonly origin: readonly Expr[];
  /** Whether `<` of the bare column holds where it holds of the form. */
  readonly isOrdered: boolean;
}

const textForms: ReadonlySet<string> = new Set(
  (['bytes', 'text', 'recoded'] as const).map((form) => formFunction(form)),
);
const pointForm = formFunction('point');

function rawColumns(project: Project): ReadonlyMap<ColumnId, RawColumn> {
  return new Map(
    project.columns.flatMap(({ id, expr, type }) => {
      if (expr.kind !== 'call' || type.id === 'json') return [];
      const [ref, ...origin] = expr.args;
      const isForm = textForms.has(expr.fn) || expr.fn === pointForm;
      if (!isForm || ref?.kind !== 'column') return [];
      return [[id, { ref, origin, isOrdered: expr.fn === pointForm }]];
    }),
  );
}

function rawPredicate(predicate: Expr, raw: ReadonlyMap<ColumnId, RawColumn>): Expr | undefined {
  const rawOf = (expr: Expr | undefined): RawColumn | undefined =>
    expr?.kind === 'column' ? raw.get(expr.id) : undefined;
  switch (predicate.kind) {
    case 'compare': {
      const { op, left, right } = predicate;
      const [a, b] = [rawOf(left), rawOf(right)];
      const isTaken = (column: RawColumn): boolean =>
        op === '=' || (column.isOrdered && op !== '<>' && op !== 'is-distinct' && op !== 'is-not-distinct');
      if (a !== undefined && isConstant(right) && isTaken(a)) {
        return { ...predicate, left: a.ref, right: beside(a, right) };
      }
      if (b !== undefined && isConstant(left) && isTaken(b)) {
        return { ...predicate, left: beside(b, left), right: b.ref };
      }
      return undefined;
    }
    case 'in': {
      const column = rawOf(predicate.arg);
      const isTaken = column !== undefined && !predicate.negated && predicate.list.every(isConstant);
      if (!isTaken) return undefined;
      return { ...predicate, arg: column.ref, list: predicate.list.map((each) => beside(column, each)) };
    }
    case 'in-key-set': {
      const [only, ...others] = predicate.args;
      const column = others.length === 0 ? rawOf(only) : undefined;
      const isTaken = column !== undefined && column.origin.length === 0;
      return isTaken ? { ...predicate, args: [column.ref] } : undefined;
    }
    default:
      return undefined;
  }
}

/** A constant as it may stand beside a column. */
function beside({ origin }: RawColumn, constant: Expr): Expr {
  if (origin.length === 0) return constant;
  return { kind: 'call', fn: recode, args: [constant, ...origin], type: typeOf(constant) };
}

function isConstant(expr: Expr): boolean {
  return expr.kind === 'literal' || expr.kind === 'parameter';
}
