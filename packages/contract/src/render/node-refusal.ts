import { type ColumnId, type Rel, inputsOf, outputOf } from '../plan/index.js';
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
  const inputs = inputsOf(rel);
  const everything = new Set([rel, ...inputs].flatMap((each) => outputOf(each).map(({ id }) => id)));
  const rendering = new Rendering({ dialect }, { of: () => everything }, fidelities);
  return refusalOf(() => {
    nodeBlock(rel, inputs.map(standIn), rendering, {
      cte: () => ({ name: 'cte', columns: new Map() }),
      dependent: () => ({ left: standIn(rel), lateral: true, scan: () => standIn(rel) }),
    });
    return undefined;
  });
}

function standIn(input: Rel): Block {
  const columns = new Map(
    outputOf(input).map(({ id }): [ColumnId, BoundColumn] => [id, simpleColumn('t.c', 'c')]),
  );
  return { ...emptyBlock, from: [fromItem('t', 't')], columns };
}
