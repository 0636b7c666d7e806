import { type DependentJoin, type Join, conjuncts, trueLiteral, typeOf } from '../plan/index.js';
import { type Block, type BoundColumn, isOpen } from './block.js';
import { literalText } from './expression.js';
import { inlinable, readsColumn } from './inlining.js';
import type { JoinInputs } from './join-inputs.js';
import { conjunctTexts } from './predicates.js';
import { refuse } from './refusal.js';
import type { Rendering } from './rendering.js';
import { conjunctionText } from './select-text.js';
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
      return inputs.lateral || rendering.dialect.nativeSemiJoin !== true
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
  const left = side(rel, 'left', inputs.left, rendering);
  const beside = besideOuterValues(rel, left, inputs.right, rendering);
  if (beside !== undefined) return beside;
  const right = side(rel, 'right', inputs.right, rendering, inputs.lateral);
  const columns = new Map([...left.columns, ...right.columns]);
  const on = conjunctTexts(rel.on, rendering.scope(columns));
  const where = [...left.where, ...right.where];
  // One row of no table joins by adding its columns.
  if (left.from === undefined) return { ...right, columns, where: [...where, ...on] };
  if (right.from === undefined) return { ...left, columns, where: [...where, ...on] };
  const operand = asOperand(right);
  const from =
    on.length === 0
      ? `${left.from}${rendering.layout.newline}CROSS JOIN ${operand}`
      : `${left.from}${rendering.layout.newline}JOIN ${operand} ON ${conjunctionText(on)}`;
  return { ...left, from, joined: true, columns, where };
}

/** Where the left side is nothing but values of an enclosing block, which the right side repeats: the right side as it is. */
function besideOuterValues(
  rel: Join | DependentJoin,
  left: Block,
  right: Block,
  rendering: Rendering,
): Block | undefined {
  if (
    left.from !== undefined ||
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
  const left = table(side(rel, 'left', inputs.left, rendering), rel.left, rendering);
  const right = nullable(rel, side(rel, 'right', inputs.right, rendering, inputs.lateral), rendering);
  const own = new Map([...left.columns, ...right.columns]);
  const on = [...right.where, ...conjunctTexts(rel.on, rendering.scope(own))];
  // The columns come in the order of the relation, which a right join written as a left one must keep.
  const order = [...original.left.columns.keys(), ...original.right.columns.keys()];
  const columns = new Map(order.flatMap((id) => pair(id, own.get(id))));
  const condition = on.length === 0 ? literalText(trueLiteral, rendering) : conjunctionText(on);
  const from = `${left.from ?? ''}${rendering.layout.newline}LEFT JOIN ${asOperand(right)} ON ${condition}`;
  return { ...left, from, joined: true, columns };
}

function fullJoin(rel: Join | DependentJoin, inputs: JoinInputs, rendering: Rendering): Block {
  if (rendering.dialect.fullJoinNeedsEquality === true && !rel.on.every(isColumnEquality))
    refuse('FULL_JOIN_CONDITION');
  const left = nullable(rel, side(rel, 'left', inputs.left, rendering), rendering, 'left');
  const right = nullable(rel, side(rel, 'right', inputs.right, rendering), rendering);
  const bare = (block: Block, input: typeof rel.left): Block =>
    block.where.length === 0 ? block : rendering.wrap(block, rendering.required.of(input));
  const [l, r] = [bare(left, rel.left), bare(right, rel.right)];
  const columns = new Map([...l.columns, ...r.columns]);
  const on = conjunctTexts(rel.on, rendering.scope(columns));
  const condition = on.length === 0 ? literalText(trueLiteral, rendering) : conjunctionText(on);
  const from = `${l.from ?? ''}${rendering.layout.newline}FULL JOIN ${asOperand(r)} ON ${condition}`;
  return { ...l, from, joined: true, columns };
}

function nativeSemiJoin(rel: Join | DependentJoin, inputs: JoinInputs, rendering: Rendering): Block {
  const left = table(side(rel, 'left', inputs.left, rendering), rel.left, rendering);
  const joinable = table(
    withoutSubqueries(side(rel, 'right', inputs.right, rendering), rel.right, rendering),
    rel.right,
    rendering,
  );
  const scope = rendering.scope(new Map([...left.columns, ...joinable.columns]));
  const on = [...joinable.where, ...conjunctTexts(rel.on, scope)];
  const condition = on.length === 0 ? literalText(trueLiteral, rendering) : conjunctionText(on);
  const word = rel.type === 'semi' ? 'SEMI' : 'ANTI';
  const from = `${left.from ?? ''}${rendering.layout.newline}${word} JOIN ${asOperand(joinable)} ON ${condition}`;
  return { ...left, from, joined: true };
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
  if (lateral || !isOpen(block) || isVolatile) {
    return rendering.wrap(block, wanted, { lateral, ownOuter: lateral && rel.type === 'left' });
  }
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
  const isPlain = [...bare.columns].every(
    ([id, column]) => !wanted.has(id) || (column.simple && column.outer === undefined),
  );
  return isPlain && bare.from !== undefined ? bare : rendering.wrap(bare, wanted, { ownOuter: true });
}

/** Not every database takes a sub-select in ON. */
function withoutSubqueries(block: Block, input: Join['left'], rendering: Rendering): Block {
  const needs = block.where.some((text) => text.includes('SELECT'));
  return needs ? rendering.wrap(block, rendering.required.of(input)) : block;
}

function table(block: Block, input: Join['left'], rendering: Rendering): Block {
  return block.from === undefined
    ? rendering.wrap(block, rendering.required.of(input), { ownOuter: true })
    : block;
}

function asOperand(block: Block): string {
  return block.joined ? `(${block.from ?? ''})` : (block.from ?? '');
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
