import { type ColumnId, type Rel, inputsOf, outputIds, outputOf } from '../plan/index.js';
import { type Block, type BoundColumn, emptyBlock, simpleColumn } from './block.js';
import { nodeBlock } from './build-node.js';
import type { Refusal, SqlDialect } from './dialect.js';
import type { Fidelities } from './fidelity.js';
import { fromItem } from './from-clause.js';
import { refusalOf } from './refusal.js';
import { Rendering } from './rendering.js';

/**
 * Why a dialect cannot say one node of a plan exactly, or undefined if it can. Only the node's own operator and expressions are
 * looked at, by rendering them over stand-ins for its inputs: asking for every node of a plan costs one rendering of it.
 *
 * @param fidelities `fidelitiesOf` the whole plan
 */
export function nodeRefusal(rel: Rel, dialect: SqlDialect, fidelities: Fidelities): Refusal | undefined {
  const rendering = new Rendering({ dialect }, { of: outputIds }, fidelities);
  return refusalOf(() => {
    nodeBlock(rel, inputsOf(rel).map(standIn), rendering, {
      cte: () => ({ name: 'cte', columns: new Map() }),
      dependent: () => ({ left: standIn(rel), lateral: true, scan: () => standIn(rel) }),
    });
    return undefined;
  });
}

/** By relation: it stands in for each predicate of a filter anew. */
const standIns = new WeakMap<Rel, Block>();

function standIn(input: Rel): Block {
  const known = standIns.get(input);
  if (known !== undefined) return known;
  const columns = new Map(
    outputOf(input).map(({ id }): [ColumnId, BoundColumn] => [id, simpleColumn('t.c', 'c')]),
  );
  const block = { ...emptyBlock, from: [fromItem('t', 't')], columns };
  standIns.set(input, block);
  return block;
}
