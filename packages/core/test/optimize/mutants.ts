import { type Expr, type Rel, falseLiteral, outputOf, pick, rewriteRel } from '@tributary/contract';
import type { Rule } from '../../src/optimize/index.js';

/** A rule with a mistake in it, of the kind one could make. */
export interface Mutant {
  readonly rule: string;
  readonly mistake: string;
  /** Makes the mistake after the rule itself has run. */
  readonly spoil: (rel: Rel) => Rel;
}

function everywhere(spoil: (rel: Rel) => Rel): (rel: Rel) => Rel {
  return (rel) => rewriteRel(rel, spoil);
}

/** One mutant for every rule. The columns stay what they were, so that only the rows can tell. */
export const mutants: readonly Mutant[] = [
  {
    rule: 'inline-ctes',
    mistake: 'forgets the rows of a definition beyond the first',
    spoil: everywhere((rel) =>
      rel.kind === 'with'
        ? { ...rel, definition: { kind: 'limit', input: rel.definition, limit: literalOne } }
        : rel,
    ),
  },
  {
    rule: 'simplify-expressions',
    mistake: 'takes IS NULL for never true',
    spoil: everywhere((rel) =>
      rel.kind === 'filter'
        ? { ...rel, predicates: rel.predicates.map((p) => (isNullTest(p) ? falseLiteral : p)) }
        : rel,
    ),
  },
  {
    rule: 'scalar-guard',
    mistake: 'takes every ungrouped aggregate for its first row',
    spoil: everywhere((rel) =>
      rel.kind === 'aggregate' &&
      rel.groups.length === 0 &&
      rel.aggregates.every((a) => a.call.fn === 'count_star')
        ? {
            kind: 'project',
            input: { kind: 'limit', input: rel.input, limit: literalOne },
            columns: rel.aggregates.map((a) => ({ id: a.id, name: a.name, type: a.type, expr: literalOne })),
          }
        : rel,
    ),
  },
  {
    rule: 'empty-relations',
    mistake: 'takes a left join with an empty right side for empty',
    spoil: everywhere((rel) =>
      rel.kind === 'project' && rel.columns.some((c) => c.expr.kind === 'literal' && c.expr.value === null)
        ? { kind: 'values', columns: outputOf(rel), rows: [] }
        : rel,
    ),
  },
  {
    rule: 'filter-pushdown',
    mistake: 'takes a left join for an inner one',
    spoil: everywhere((rel) =>
      rel.kind === 'join' && rel.type === 'left' ? { ...rel, type: 'inner' } : rel,
    ),
  },
  {
    rule: 'mark-to-semi',
    mistake: 'takes NOT IN for an anti join whatever the NULLs',
    spoil: everywhere((rel) => {
      if (rel.kind !== 'filter' || rel.input.kind !== 'join' || rel.input.type !== 'mark') return rel;
      const { mark, ...join } = rel.input;
      const negated = rel.predicates.filter(
        (p) => p.kind === 'not' && p.arg.kind === 'column' && p.arg.id === mark?.id,
      );
      return negated.length === rel.predicates.length && mark !== undefined
        ? {
            kind: 'project',
            input: { ...join, type: 'anti' },
            columns: outputOf(rel).map((c) => ({
              ...c,
              expr: c.id === mark.id ? falseLiteral : { kind: 'column', id: c.id, type: c.type },
            })),
          }
        : rel;
    }),
  },
  {
    rule: 'decorrelate',
    mistake: 'forgets the conditions of a correlated existence test',
    spoil: everywhere((rel) =>
      rel.kind === 'join' && (rel.type === 'semi' || rel.type === 'anti')
        ? { ...rel, on: rel.on.slice(1) }
        : rel,
    ),
  },
  {
    rule: 'single-to-left',
    mistake: 'takes a scalar subquery for an inner join',
    spoil: everywhere((rel) =>
      rel.kind === 'join' && rel.type === 'left' ? { ...rel, type: 'inner' } : rel,
    ),
  },
  {
    rule: 'merge-projections',
    mistake: 'exchanges two columns',
    spoil: (rel) => {
      const [first, second, ...rest] = outputOf(rel);
      if (first === undefined || second === undefined || first.type.id !== second.type.id) return rel;
      return rel.kind === 'project' ? pick(rel, [second, first, ...rest]) : rel;
    },
  },
  {
    rule: 'derive-side-filters',
    mistake: 'takes one branch of an OR for all of it',
    spoil: everywhere((rel) =>
      rel.kind === 'join' && rel.type === 'inner'
        ? { ...rel, on: rel.on.map((c) => (c.kind === 'or' ? (c.args[0] ?? c) : c)) }
        : rel,
    ),
  },
  {
    rule: 'transitive-predicates',
    mistake: 'copies a filter to the kept side of an outer join',
    spoil: everywhere((rel) =>
      rel.kind === 'join' && rel.type === 'left'
        ? {
            kind: 'filter',
            input: rel,
            predicates: [{ kind: 'is-null', negated: true, arg: lastColumn(rel) }],
          }
        : rel,
    ),
  },
  {
    rule: 'contradictions',
    mistake: 'takes a range for empty that is not',
    spoil: everywhere((rel) =>
      rel.kind === 'filter' && rel.predicates.length > 1 ? { ...rel, predicates: [falseLiteral] } : rel,
    ),
  },
  {
    rule: 'distinct-removal',
    mistake: 'takes all rows for unique',
    spoil: everywhere((rel) => (rel.kind === 'distinct' && rel.on === undefined ? rel.input : rel)),
  },
  {
    rule: 'sort-removal',
    mistake: 'drops the order that a limit needs',
    spoil: everywhere((rel) =>
      rel.kind === 'limit' && rel.input.kind === 'sort' ? { ...rel, input: rel.input.input } : rel,
    ),
  },
  {
    rule: 'prune-columns',
    mistake: 'drops a join that only seems idle',
    spoil: everywhere((rel) =>
      rel.kind === 'aggregate' &&
      rel.input.kind === 'join' &&
      rel.input.type === 'inner' &&
      reads(rel, rel.input.left)
        ? { ...rel, input: rel.input.left }
        : rel,
    ),
  },
  {
    rule: 'limit-pushdown',
    mistake: 'pushes the limit without its order',
    spoil: everywhere((rel) =>
      rel.kind === 'set-operation' && rel.op === 'union' && rel.all
        ? { ...rel, inputs: rel.inputs.map((input) => ({ kind: 'limit', input, limit: literalOne })) }
        : rel,
    ),
  },
  {
    rule: 'partial-aggregation',
    mistake: 'counts counts instead of adding them',
    spoil: everywhere((rel) =>
      rel.kind === 'aggregate'
        ? {
            ...rel,
            aggregates: rel.aggregates.map((a) =>
              a.call.fn === 'sum' && a.type.id === 'hugeint' ? { ...a, call: { ...a.call, fn: 'max' } } : a,
            ),
          }
        : rel,
    ),
  },
  {
    rule: 'reduce-aggregates',
    mistake: 'reduces by the wrong keys',
    spoil: everywhere((rel) =>
      rel.kind === 'aggregate' && rel.input.kind !== 'values'
        ? { ...rel, input: { kind: 'limit', input: rel.input, limit: literalOne } }
        : rel,
    ),
  },
  {
    rule: 'join-order',
    mistake: 'loses a condition',
    spoil: everywhere((rel) =>
      rel.kind === 'join' && rel.type === 'inner' && rel.left.kind === 'join'
        ? { ...rel, on: rel.on.slice(1) }
        : rel,
    ),
  },
  {
    rule: 'semi-join-pushdown',
    mistake: 'forgets the test',
    spoil: everywhere((rel) => (rel.kind === 'join' && rel.type === 'semi' ? rel.left : rel)),
  },
];

const literalOne: Expr = { kind: 'literal', type: { id: 'bigint' }, value: '1' };

function isNullTest(expr: Expr): boolean {
  return expr.kind === 'is-null' && !expr.negated;
}

function lastColumn(rel: Rel): Expr {
  const column = outputOf(rel).at(-1);
  return column === undefined ? literalOne : { kind: 'column', id: column.id, type: column.type };
}

function reads(rel: Rel & { readonly kind: 'aggregate' }, input: Rel): boolean {
  const ids = new Set(outputOf(input).map((c) => c.id));
  return JSON.stringify([rel.groups, rel.aggregates])
    .matchAll(/"kind":"column","id":(\d+)/g)
    .every((match) => ids.has(Number(match[1])));
}

/** The rule followed by its mistake. */
export function spoiled(rule: Rule, mutant: Mutant): Rule {
  return { ...rule, apply: (rel, ctx) => mutant.spoil(rule.apply(rel, ctx)) };
}
