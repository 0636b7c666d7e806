import {
  type Column,
  type ColumnId,
  type DependentJoin,
  type Expr,
  type Join,
  columnsOf,
  conjuncts,
  outputIds,
} from '../plan/index.js';
import { type Block, type BoundColumn, isOpen, withColumns } from './block.js';
import { hasPlainEquality, literalText, renderExpr } from './expression.js';
import { bind, inlinable } from './inlining.js';
import type { JoinInputs } from './join-inputs.js';
import { uniqueNames } from './names.js';
import { conjunctTexts } from './predicates.js';
import { refuse } from './refusal.js';
import type { Rendering } from './rendering.js';
import { selectText, wrap } from './select-text.js';
import { inPlace, level } from './text.js';

type AnyJoin = Join | DependentJoin;

/** `EXISTS (SELECT … WHERE conditions)`. */
export function existsText(
  rel: AnyJoin,
  inputs: JoinInputs,
  on: readonly Expr[],
  rendering: Rendering,
): string {
  if (on.length > 0 || inputs.lateral) needCorrelation(rendering);
  const right = constrained(rel, inputs, on, rendering);
  return `EXISTS ${rendering.layout.block(selectText(right, [], rendering))}`;
}

/**
 * A mark join: the left block with a column that says whether `left IN (right)`. The column is written where it is read,
 * so in a filter it becomes the predicate that the user wrote.
 */
export function markColumn(rel: AnyJoin, inputs: JoinInputs, rendering: Rendering): Block {
  const left = openLeft(rel, inputs, rendering);
  if (rel.mark === undefined) return left;
  const sql = markText(rel, { ...inputs, left }, rendering);
  return withColumns(left, [...left.columns, [rel.mark.id, subqueryColumn(rel.mark, sql)]]);
}

/** A single join: each column of the right side as a scalar sub-select, which fails on a second row as the engine does. */
export function singleColumns(rel: AnyJoin, inputs: JoinInputs, rendering: Rendering): Block {
  const isFixed = rel.on.length === 0 && !inputs.lateral;
  if (!isFixed) needCorrelation(rendering);
  const left = isFixed && inputs.left.compound === undefined ? inputs.left : openLeft(rel, inputs, rendering);
  const wanted = rendering.required.of(rel);
  const right = constrained(rel, { ...inputs, left }, rel.on, rendering);
  const columns = [...right.columns]
    .filter(([id]) => wanted.has(id))
    .map(([id, column]): [ColumnId, BoundColumn] => {
      const select = selectText(
        right,
        [{ id, column, name: column.name === '' ? 'value' : column.name }],
        rendering,
      );
      return [id, { ...subqueryColumn({ name: column.name }, rendering.layout.block(select)) }];
    });
  return withColumns(left, [...left.columns, ...columns]);
}

function markText(rel: AnyJoin, inputs: JoinInputs, rendering: Rendering): string {
  const predicates = rel.on.flatMap(conjuncts);
  const unsure = predicates.filter((predicate) => !isNeverNull(predicate));
  if (unsure.length === 0) return existsText(rel, inputs, predicates, rendering);
  const rest = predicates.filter((predicate) => !unsure.includes(predicate));
  const memberships = unsure.flatMap((predicate) => membershipOf(rel, predicate, inputs, rendering) ?? []);
  if (
    memberships.length === unsure.length &&
    (unsure.length === 1 || rendering.dialect.rowMembership === true)
  ) {
    return inText(rel, memberships, inputs, rest, rendering);
  }
  if (unsure.length > 1)
    refuse('COMPARISON_DIFFERS', 'IN over rows answers otherwise where a column is NULL');
  const sure = existsText(rel, inputs, predicates, rendering);
  const isUnknown = unsure.map((arg): Expr => ({ kind: 'is-null', arg, negated: false }));
  const maybe = existsText(rel, inputs, [...rest, ...isUnknown], rendering);
  const text = (value: string | null): string =>
    literalText({ kind: 'literal', type: { id: 'boolean' }, value }, rendering);
  return `CASE WHEN ${sure} THEN ${text('true')} WHEN ${maybe} THEN ${text(null)} ELSE ${text('false')} END`;
}

interface Membership {
  readonly left: Expr;
  readonly right: Expr;
}

/** The equality as `left IN (SELECT right …)`, if it parts into the two sides. */
function membershipOf(
  rel: AnyJoin,
  predicate: Expr,
  inputs: JoinInputs,
  rendering: Rendering,
): Membership | undefined {
  if (predicate.kind !== 'compare' || predicate.op !== '=') return undefined;
  const scope = rendering.scope(new Map([...inputs.left.columns, ...inputs.right.columns]));
  if (!hasPlainEquality(predicate.left, scope)) return undefined;
  const right = outputIds(rel.right);
  const isOf = (expr: Expr, ofRight: boolean): boolean =>
    [...columnsOf(expr)].every((id) => right.has(id) === ofRight);
  const { left: a, right: b } = predicate;
  if (isOf(a, false) && isOf(b, true)) return { left: a, right: b };
  return isOf(b, false) && isOf(a, true) ? { left: b, right: a } : undefined;
}

function inText(
  rel: AnyJoin,
  memberships: readonly Membership[],
  inputs: JoinInputs,
  rest: readonly Expr[],
  rendering: Rendering,
): string {
  const outer = rendering.scope(inputs.left.columns);
  const args = memberships.map(({ left }) => inPlace(renderExpr(left, outer), level.atom));
  const below = constrained(rel, inputs, rest, rendering);
  const isLimited = below.limit !== undefined && rendering.dialect.limitInMembership === false;
  const arePicked = !isLimited && memberships.every(({ right }) => right.kind === 'column');
  const block = arePicked || isOpen(below) ? below : wrap(rendering, below, rendering.required.of(rel.right));
  const scope = rendering.scope(new Map([...inputs.left.columns, ...block.columns]));
  const nameOf = ({ right }: Membership): string =>
    (right.kind === 'column' ? block.columns.get(right.id)?.name : undefined) ?? 'value';
  const names = uniqueNames(memberships.map(nameOf));
  const items = memberships.map(({ right }, i) => ({
    // No column of a plan has a negative number.
    id: right.kind === 'column' ? right.id : -1 - i,
    column: bind(right, '', block, scope),
    name: names[i] ?? 'value',
  }));
  const select = rendering.layout.block(selectText(block, items, rendering));
  return args.length === 1 ? `(${args.join('')} IN ${select})` : `((${args.join(', ')}) IN ${select})`;
}

/** The right side with conditions over both sides in its WHERE. */
function constrained(rel: AnyJoin, inputs: JoinInputs, on: readonly Expr[], rendering: Rendering): Block {
  const { left, right } = inputs;
  const wanted = rendering.required.of(rel.right);
  const both = (block: Block) => rendering.scope(new Map([...left.columns, ...block.columns]));
  if (conjunctTexts(on, both(right)).length === 0) return right;
  const open = isOpen(right)
    ? inlinable(right, on, rendering, wanted, { subqueries: true })
    : wrap(rendering, right, wanted);
  return { ...open, where: [...open.where, ...conjunctTexts(on, both(open))] };
}

/** The left side such that a sub-select may read its columns. */
function openLeft(rel: AnyJoin, inputs: JoinInputs, rendering: Rendering): Block {
  const wanted = rendering.required.of(rel.left);
  const ready = isOpen(inputs.left) ? inputs.left : wrap(rendering, inputs.left, wanted);
  return inlinable(ready, rel.on, rendering, wanted, { subqueries: false });
}

function isNeverNull(predicate: Expr): boolean {
  if (predicate.kind === 'is-null') return true;
  return (
    predicate.kind === 'compare' && (predicate.op === 'is-not-distinct' || predicate.op === 'is-distinct')
  );
}

function subqueryColumn(column: Pick<Column, 'name'>, sql: string): BoundColumn {
  return { sql, level: level.atom, name: column.name, simple: false, subquery: true };
}

function needCorrelation(rendering: Rendering): void {
  if (rendering.dialect.correlatedSubqueries === false) {
    refuse('JOIN_NOT_SUPPORTED', 'The database takes no sub-select that reads columns from outside.');
  }
}
