import {
  type DependentJoin,
  type DependentScan,
  type Rel,
  conjuncts,
  sameExpr,
  someRel,
} from '../plan/index.js';
import { type Block, emptyBlock, isOpen, withColumns } from './block.js';
import { bind } from './inlining.js';
import { type CteShape, defineCte } from './leaves.js';
import type { Rendering } from './rendering.js';
import { wrap } from './select-text.js';

/** How the right side of a dependent join reaches the left side's values. */
export interface DependentLeft {
  readonly left: Block;
  /** The right side runs once per row of the left, whose columns it reads where it stands. */
  readonly lateral: boolean;
  /** What a scan of the correlated columns becomes. */
  readonly scan: (rel: DependentScan) => Block;
}

/**
 * Prepares a dependent join once its left side stands. Where every correlated column is compared with itself, the right side is
 * the correlated subquery that the user wrote; else the left side is a CTE and the right side reads its distinct values.
 */
export function dependentLeft(rel: DependentJoin, left: Block, rendering: Rendering): DependentLeft {
  return isCorrelatable(rel) ? correlatedLeft(rel, left, rendering) : sharedLeft(rel, left, rendering);
}

function correlatedLeft(rel: DependentJoin, input: Block, rendering: Rendering): DependentLeft {
  const wanted = rendering.required.of(rel.left);
  const ready = isOpen(input) && input.from.length > 0 ? input : wrap(rendering, input, wanted);
  const isPlain = rel.correlated.every(
    (e) => e.kind !== 'column' || ready.columns.get(e.id)?.simple === true,
  );
  const left = isPlain ? ready : wrap(rendering, ready, wanted);
  const scope = rendering.scope(left.columns);
  const bound = rel.correlated.map((expr) => ({ ...bind(expr, '', left, scope), outer: rel.id }));
  return {
    left,
    lateral: true,
    scan: (scan) =>
      withColumns(
        emptyBlock,
        scan.columns.flatMap((column, i) =>
          bound.slice(i, i + 1).map((b) => [column.id, { ...b, name: column.name }] as const),
        ),
      ),
  };
}

/** The joined block with the correlated values as what they are there: columns of its own left side. */
export function leaveDependentJoin(rel: DependentJoin, block: Block): Block {
  if (![...block.columns.values()].some((column) => column.outer === rel.id)) return block;
  return withColumns(
    block,
    [...block.columns].map(([id, { outer, ...column }]) => [
      id,
      outer === rel.id || outer === undefined ? column : { ...column, outer },
    ]),
  );
}

function sharedLeft(rel: DependentJoin, input: Block, rendering: Rendering): DependentLeft {
  const cte = defineCte(`outer_${rel.id}`, input, rendering, rendering.required.of(rel.left));
  const read = (): Block => cteBlock(input, cte, rendering);
  return {
    left: read(),
    lateral: false,
    scan: (scan) => {
      const block = read();
      const scope = rendering.scope(block.columns);
      const items = scan.columns.flatMap((column, i) =>
        rel.correlated
          .slice(i, i + 1)
          .map((expr) => [column.id, bind(expr, column.name, block, scope)] as const),
      );
      return wrap(
        rendering,
        { ...withColumns(block, items), distinct: true },
        new Set(items.map(([id]) => id)),
      );
    },
  };
}

function cteBlock(definition: Block, cte: CteShape, rendering: Rendering): Block {
  const alias = rendering.aliases.unique('d');
  const columns = [...definition.columns].flatMap(([id, column]) => {
    const name = cte.columns.get(id);
    return name === undefined ? [] : [{ id, name, shown: column.name }];
  });
  const block = rendering.named(
    `${cte.name} AS ${alias}`,
    alias,
    columns.map(({ id, shown }) => ({ id, name: shown, type: { id: 'null' } })),
    columns.map(({ name }) => name),
  );
  return block;
}

/**
 * Whether the right side may run per row: it joins on each correlated column's own value, and no CTE in it (they are written
 * ahead of the whole statement) reads those values.
 */
function isCorrelatable(rel: DependentJoin): boolean {
  if (rel.type === 'right' || rel.type === 'full') return false;
  const predicates = rel.on.flatMap(conjuncts);
  const joinsAll = rel.correlated.every((expr) =>
    predicates.some(
      (e) =>
        e.kind === 'compare' &&
        (e.op === 'is-not-distinct' || e.op === '=') &&
        (sameExpr(e.left, expr) || sameExpr(e.right, expr)),
    ),
  );
  return joinsAll && !someRel(rel.right, (inner) => sharesScan(inner, rel.id));
}

function sharesScan(rel: Rel, join: number): boolean {
  const shared =
    rel.kind === 'with'
      ? rel.definition
      : rel.kind === 'dependent-join' && !isCorrelatable(rel)
        ? rel.left
        : undefined;
  return (
    shared !== undefined && someRel(shared, (inner) => inner.kind === 'dependent-scan' && inner.join === join)
  );
}
