import {
  type Column,
  type Expr,
  type Rel,
  columnRef,
  falseLiteral,
  isFalseOrNull,
  literal,
  outputOf,
  plain,
} from '@tributary/contract';
import { nodeRule } from '../rule.js';

/** Carries the knowledge that a part yields nothing upwards, so that no source is asked for it. */
export const emptyRelations = nodeRule(
  'empty-relations',
  'Replaces what cannot yield a row by the empty relation and drops what depends on it.',
  (rel) => {
    switch (rel.kind) {
      case 'filter':
        return isEmpty(rel.input) || rel.predicates.some(isFalseOrNull) ? empty(rel) : rel;
      case 'limit':
        return isEmpty(rel.input) || isZero(rel.limit) ? empty(rel) : rel;
      case 'project':
      case 'distinct':
      case 'window':
      case 'sort':
        return isEmpty(rel.input) ? empty(rel) : rel;
      case 'aggregate':
        return isEmpty(rel.input) && hasOnlyKeyedSets(rel) ? empty(rel) : rel;
      case 'join':
      case 'dependent-join':
        return overEmptySide(rel);
      case 'set-operation':
        return overEmptyBranches(rel);
      case 'with':
        return isEmpty(rel.body) ? empty(rel) : rel;
      case 'scan':
      case 'values':
      case 'dependent-scan':
      case 'cte-ref':
      case 'remote':
        return rel;
    }
  },
);

function isEmpty(rel: Rel): boolean {
  return rel.kind === 'values' && rel.rows.length === 0;
}

function empty(rel: Rel): Rel {
  return { kind: 'values', columns: outputOf(rel).map(plain), rows: [] };
}

function isZero(limit: Expr | undefined): boolean {
  return limit?.kind === 'literal' && limit.value === '0';
}

/** Without a grouping set of no keys there is no row for no input. */
function hasOnlyKeyedSets(rel: Rel & { readonly kind: 'aggregate' }): boolean {
  return rel.groups.length > 0 && (rel.groupingSets ?? [[0]]).every((set) => set.length > 0);
}

/** The kept side with the other side's columns NULL. */
function padded(rel: Rel, kept: Rel): Rel {
  const own = new Set(outputOf(kept).map((c) => c.id));
  return projected(kept, outputOf(rel), (c) => (own.has(c.id) ? columnRef(c) : literal(c.type, null)));
}

function projected(input: Rel, columns: readonly Column[], value: (column: Column) => Expr): Rel {
  return { kind: 'project', input, columns: columns.map((c) => ({ ...plain(c), expr: value(c) })) };
}

function overEmptySide(rel: Rel & { readonly kind: 'join' | 'dependent-join' }): Rel {
  const left = isEmpty(rel.left);
  // A condition that never holds leaves the right side without a match, as if it were empty.
  const right = isEmpty(rel.right) || (rel.type !== 'mark' && rel.on.some(isFalseOrNull));
  if (!left && !right) return rel;
  switch (rel.type) {
    case 'inner':
    case 'semi':
      return empty(rel);
    case 'left':
    case 'single':
      return left ? empty(rel) : padded(rel, rel.left);
    case 'right':
      if (isEmpty(rel.right)) return empty(rel);
      return padded(rel, rel.right);
    case 'full':
      if (left && isEmpty(rel.right)) return empty(rel);
      if (left) return padded(rel, rel.right);
      return isEmpty(rel.right) ? padded(rel, rel.left) : rel;
    case 'anti':
      return left ? empty(rel) : rel.left;
    case 'mark': {
      if (left) return empty(rel);
      const { mark } = rel;
      return projected(rel.left, outputOf(rel), (c) => (c.id === mark?.id ? falseLiteral : columnRef(c)));
    }
  }
}

function overEmptyBranches(rel: Rel & { readonly kind: 'set-operation' }): Rel {
  const live = rel.inputs.map((_, i) => i).filter((i) => !isEmpty(rel.inputs[i] ?? rel));
  if (live.length === rel.inputs.length) return rel;
  const [first] = live;
  if (first === undefined) return empty(rel);
  switch (rel.op) {
    case 'union': {
      if (live.length === 1) return alone(rel, first);
      const inputs = rel.inputs.filter((_, i) => live.includes(i));
      return { ...rel, inputs, feeds: rel.feeds.filter((_, i) => live.includes(i)) };
    }
    case 'except':
      return first === 0 ? alone(rel, 0) : empty(rel);
    case 'intersect':
      return empty(rel);
  }
}

/** The one branch that is left, under the set operation's column ids. */
function alone(rel: Rel & { readonly kind: 'set-operation' }, branch: number): Rel {
  const input = rel.inputs[branch];
  const feeds = rel.feeds[branch];
  if (input === undefined || feeds === undefined) return rel;
  const columns = rel.columns.map((c, i) => {
    const expr: Expr = { kind: 'column', id: feeds[i] ?? c.id, type: c.type };
    return { ...plain(c), expr };
  });
  const project: Rel = { kind: 'project', input, columns };
  return rel.all ? project : { kind: 'distinct', input: project };
}
