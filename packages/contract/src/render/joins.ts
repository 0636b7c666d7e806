import {
  type DependentJoin,
  type Expr,
  type Join,
  type Rel,
  columnsOf,
  conjuncts,
  outputIds,
  someExpr,
  trueLiteral,
  typeOf,
} from '../plan/index.js';
import { type Block, type BoundColumn, isOpen } from './block.js';
import { hasPlainEquality, literalText } from './expression.js';
import { type FromItem, asOperand, innerChain, operand } from './from-clause.js';
import { inlinable, readsColumn } from './inlining.js';
import type { JoinInputs } from './join-inputs.js';
import { conjunctTexts, joinConditions } from './predicates.js';
import { refuse } from './refusal.js';
import type { Rendering } from './rendering.js';
import { wrap } from './select-text.js';
import { existsText, markColumn, singleColumns } from './subqueries.js';
import { matchesAtMostOne } from './uniqueness.js';

export function joinBlock(rel: Join | DependentJoin, inputs: JoinInputs, rendering: Rendering): Block {
  switch (rel.type) {
    case 'inner':
      return innerJoin(rel, inputs, rendering);
    case 'left':
      return leftJoin(rel, inputs, rendering);
    case 'right':
      return leftJoin({ ...rel, left: rel.right, right: rel.left }, swapped(inputs), rendering, inputs);
    case 'full':
      return fullJoin(rel, inputs, rendering);
    case 'semi':
    case 'anti':
      return inputs.lateral || !hasSemiJoin(rendering) || isCorrelated(rel, inputs)
        ? existsJoin(rel, inputs, rendering)
        : nativeSemiJoin(rel, inputs, rendering);
    case 'mark':
      return markColumn(rel, inputs, rendering);
    case 'single':
      return !inputs.lateral && matchesAtMostOne(rel.on, rel.right)
        ? leftJoin(rel, inputs, rendering)
        : singleColumns(rel, inputs, rendering);
  }
}

function innerJoin(rel: Join | DependentJoin, inputs: JoinInputs, rendering: Rendering): Block {
  const own = side(rel, 'left', inputs.left, rendering);
  const beside = besideOuterValues(rel, own, inputs.right, rendering);
  if (beside !== undefined) return beside;
  const added = chainable(rel, side(rel, 'right', inputs.right, rendering, inputs.lateral), rendering);
  const [left, right] = [
    wholeOrAsIs(own, rel, 'left', rendering),
    wholeOrAsIs(added, rel, 'right', rendering),
  ];
  const columns = new Map([...left.columns, ...right.columns]);
  const on = joinConditions(rel.on, columns, rendering);
  const where = [...left.where, ...right.where];
  const correlated = left.correlated || right.correlated || readsOuter(rel.on, columns);
  // One row of no table joins by adding its columns.
  if (left.from.length === 0 || right.from.length === 0) {
    const from = [...left.from, ...right.from];
    return { ...left, from, columns, where: [...where, ...on.map(({ text }) => text)], correlated };
  }
  const { newline } = rendering.layout;
  // As a chain, a right side of several relations would be joined in another order, or without a condition at first.
  const keepsOrder = (rendering.dialect.joinsAsWritten ?? false) !== false && !inputs.lateral;
  const joined = keepsOrder ? [operand(right.from, newline)] : right.from;
  return {
    ...left,
    from: innerChain(left.from, joined, on, newline),
    columns,
    where,
    correlated,
  };
}

/** Where the left side is nothing but values of an enclosing block, which the right side repeats: the right side as it is. */
function besideOuterValues(
  rel: Join | DependentJoin,
  left: Block,
  right: Block,
  rendering: Rendering,
): Block | undefined {
  if (
    left.from.length > 0 ||
    left.where.length > 0 ||
    right.compound !== undefined ||
    right.distinct !== undefined
  ) {
    return undefined;
  }
  const columns = new Map([...left.columns, ...right.columns]);
  const reads = readsColumn(rel.on, { ...right, columns }, (column) => column.outer === undefined);
  return reads || conjunctTexts(rel.on, rendering.scope(columns)).length > 0
    ? undefined
    : { ...right, columns };
}

function leftJoin(
  rel: Join | DependentJoin,
  inputs: JoinInputs,
  rendering: Rendering,
  original: JoinInputs = inputs,
): Block {
  const left = table(side(rel, 'left', inputs.left, rendering), rel, 'left', rendering);
  const right = nullable(rel, side(rel, 'right', inputs.right, rendering, inputs.lateral), rendering);
  const own = new Map([...left.columns, ...right.columns]);
  // The columns come in the order of the relation, which a right join written as a left one must keep.
  const order = [...original.left.columns.keys(), ...original.right.columns.keys()];
  const columns = new Map(order.flatMap((id) => pair(id, own.get(id))));
  needEquality(rel, rendering);
  const on = [...right.where, ...conjunctTexts(rel.on, rendering.scope(own))];
  return { ...left, from: appended('LEFT JOIN', left, right, on, rendering), columns };
}

function fullJoin(rel: Join | DependentJoin, inputs: JoinInputs, rendering: Rendering): Block {
  if (rendering.dialect.fullJoinNeedsEquality === true && !rel.on.every(isColumnEquality)) {
    refuse('FULL_JOIN_CONDITION');
  }
  needEquality(rel, rendering);
  const unfiltered = (which: 'left' | 'right'): Block => {
    const block = nullable(rel, side(rel, which, inputs[which], rendering), rendering, which);
    return block.where.length === 0 ? block : wrap(rendering, block, rendering.required.of(rel[which]));
  };
  const [left, right] = [unfiltered('left'), unfiltered('right')];
  const columns = new Map([...left.columns, ...right.columns]);
  const on = conjunctTexts(rel.on, rendering.scope(columns));
  return { ...left, from: appended('FULL JOIN', left, right, on, rendering), columns };
}

function nativeSemiJoin(rel: Join | DependentJoin, inputs: JoinInputs, rendering: Rendering): Block {
  const left = table(side(rel, 'left', inputs.left, rendering), rel, 'left', rendering);
  needEquality(rel, rendering);
  const bare = withoutSubqueries(side(rel, 'right', inputs.right, rendering), rel.right, rendering);
  const right = table(bare, rel, 'right', rendering);
  const scope = rendering.scope(new Map([...left.columns, ...right.columns]));
  const on = [...right.where, ...conjunctTexts(rel.on, scope)];
  const join = rel.type === 'semi' ? 'SEMI JOIN' : 'ANTI JOIN';
  const keyword = rendering.dialect.nativeSemiJoin === 'left' ? (`LEFT ${join}` as const) : join;
  return { ...left, from: appended(keyword, left, right, on, rendering) };
}

/** The left side's FROM with one more join, which has a condition in any case. */
function appended(
  join: FromItem['join'],
  left: Block,
  right: Block,
  on: readonly string[],
  rendering: Rendering,
): readonly FromItem[] {
  const condition = on.length === 0 ? [literalText(trueLiteral, rendering)] : on;
  return [...left.from, { ...asOperand(right.from, rendering.layout.newline), join, on: condition }];
}

function existsJoin(rel: Join | DependentJoin, inputs: JoinInputs, rendering: Rendering): Block {
  const left = side(rel, 'left', inputs.left, rendering);
  const exists = existsText(rel, { ...inputs, left }, rel.on, rendering);
  return { ...left, where: [...left.where, rel.type === 'semi' ? exists : `NOT ${exists}`] };
}

/** A side as FROM and WHERE only, over whose columns the join's conditions may be written. */
function side(
  rel: Join | DependentJoin,
  which: 'left' | 'right',
  block: Block,
  rendering: Rendering,
  lateral = false,
): Block {
  const wanted = rendering.required.of(rel[which]);
  const isVolatile = [...block.columns.values()].some((column) => column.volatile === true);
  // DuckDB takes no value of an enclosing block in the condition of an outer join: there it becomes the side's own column.
  const ownOuter =
    rel.type !== 'inner' && !isSubquery(rel.type) && (lateral || readsOuter(rel.on, block.columns));
  if (lateral || !isOpen(block) || isVolatile || ownOuter)
    return wrap(rendering, block, wanted, { lateral, ownOuter });
  return inlinable(block, rel.on, rendering, wanted, { subqueries: false });
}

/** The side of an outer join whose columns may become NULL: none may be computed, or it would be computed from NULLs. */
function nullable(
  rel: Join | DependentJoin,
  block: Block,
  rendering: Rendering,
  which: 'left' | 'right' = 'right',
): Block {
  const wanted = rendering.required.of(rel[which]);
  const bare = withoutSubqueries(block, rel[which], rendering);
  const isPlain =
    isOneOperand(bare, rel, which, rendering) &&
    [...bare.columns].every(
      ([id, column]) => !wanted.has(id) || (column.simple && column.outer === undefined),
    );
  return isPlain && bare.from.length > 0 ? bare : wrap(rendering, bare, wanted, { ownOuter: true });
}

/** Not every database takes a sub-select in ON, nor, in an outer join's, what belongs to an enclosing block. */
function withoutSubqueries(block: Block, input: Rel, rendering: Rendering): Block {
  const needs =
    block.where.some((text) => text.includes('SELECT')) || (block.correlated && block.where.length > 0);
  return needs ? wrap(rendering, block, rendering.required.of(input)) : block;
}

function table(
  block: Block,
  rel: Join | DependentJoin,
  which: 'left' | 'right',
  rendering: Rendering,
): Block {
  return block.from.length > 0 && isOneOperand(block, rel, which, rendering)
    ? block
    : wrap(rendering, block, rendering.required.of(rel[which]), { ownOuter: true });
}

/** Whether a side of a join may stand in FROM as it is: joins on the right would need parentheses. */
function isOneOperand(
  block: Block,
  rel: Join | DependentJoin,
  which: 'left' | 'right',
  rendering: Rendering,
): boolean {
  if (block.from.length <= 1) return true;
  if (mustBeWhole(block, rel, rendering)) return false;
  return which === 'left' || rendering.dialect.nestedJoins !== false;
}

/** A side of an inner join, by itself where the database would else take it apart. */
function wholeOrAsIs(
  block: Block,
  rel: Join | DependentJoin,
  which: 'left' | 'right',
  rendering: Rendering,
): Block {
  return block.from.length > 1 && mustBeWhole(block, rel, rendering)
    ? wrap(rendering, block, rendering.required.of(rel[which]))
    : block;
}

/** Not where the right side reads the left by its name, nor where a side reads the statement around it. */
function mustBeWhole(block: Block, rel: Join | DependentJoin, { dialect }: Rendering): boolean {
  return dialect.joinsAsWritten === 'nested' && rel.kind === 'join' && !block.correlated;
}

/** The right side of an inner join such that its joins can follow the left side's one by one. */
function chainable(rel: Join | DependentJoin, block: Block, rendering: Rendering): Block {
  const isChain = block.from.every((item, i) => i === 0 || item.join === 'JOIN');
  return isChain || rendering.dialect.nestedJoins !== false
    ? block
    : wrap(rendering, block, rendering.required.of(rel.right));
}

function hasSemiJoin({ dialect }: Rendering): boolean {
  return dialect.nativeSemiJoin === true || dialect.nativeSemiJoin === 'left';
}

/** Refuses conditions of which none is an equality between the sides, for databases that join by hashing only. */
function needEquality(rel: Join | DependentJoin, rendering: Rendering): void {
  if (rendering.dialect.joinsNeedEquality !== true || rel.on.length === 0) return;
  const sides = [outputIds(rel.left), outputIds(rel.right)] as const;
  if (!rel.on.flatMap(conjuncts).some((predicate) => isKeyEquality(predicate, sides, rendering)))
    refuse('JOIN_NOT_SUPPORTED', 'A join of this kind needs an equality between its sides.');
}

function isKeyEquality(
  predicate: Expr,
  [left, right]: readonly [ReadonlySet<number>, ReadonlySet<number>],
  rendering: Rendering,
): boolean {
  if (predicate.kind !== 'compare' || predicate.op !== '=') return false;
  if (!hasPlainEquality(predicate.left, rendering.scope(new Map()))) return false;
  const [a, b] = [columnsOf(predicate.left), columnsOf(predicate.right)];
  const within = (ids: ReadonlySet<number>, side: ReadonlySet<number>): boolean =>
    ids.size > 0 && [...ids].every((id) => side.has(id));
  return (within(a, left) && within(b, right)) || (within(a, right) && within(b, left));
}

/** Whether a semi join's conditions, with the right side's own, read values of an enclosing block. */
function isCorrelated(rel: Join | DependentJoin, { left, right }: JoinInputs): boolean {
  return right.correlated || readsOuter(rel.on, new Map([...left.columns, ...right.columns]));
}

function readsOuter(on: readonly Expr[], columns: Block['columns']): boolean {
  return on.some((predicate) =>
    someExpr(predicate, (e) => e.kind === 'column' && columns.get(e.id)?.outer !== undefined),
  );
}

function isSubquery(type: Join['type']): boolean {
  return type === 'semi' || type === 'anti' || type === 'mark';
}

function swapped(inputs: JoinInputs): JoinInputs {
  return { left: inputs.right, right: inputs.left, lateral: false };
}

function pair(id: number, column: BoundColumn | undefined): readonly (readonly [number, BoundColumn])[] {
  return column === undefined ? [] : [[id, column]];
}

function isColumnEquality(predicate: Join['on'][number]): boolean {
  return conjuncts(predicate).every(
    (e) =>
      e.kind === 'compare' &&
      e.op === '=' &&
      e.left.kind === 'column' &&
      e.right.kind === 'column' &&
      typeOf(e.left).id !== 'json',
  );
}
