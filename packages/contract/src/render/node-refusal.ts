import { type ColumnId, type Rel, inputsOf } from '../plan/index.js';
import { type Block, type BoundColumn, emptyBlock, simpleColumn } from './block.js';
import { nodeBlock } from './build-node.js';
import type { Refusal, SqlDialect } from './dialect.js';
import type { Fidelities } from './fidelity.js';
import { refusalOf } from './refusal.js';
import { Rendering } from './rendering.js';

/**
 * Why a dialect cannot say one node of a plan exactly, or undefined if it can. Only the node's own operator and expressions are
 * looked at, by rendering them over stand-ins for its inputs: asking for every node of a plan costs one rendering of it.
 *
 * @param fidelities `fidelitiesOf` the whole plan
 */
export function nodeRefusal(rel: Rel, dialect: SqlDialect, fidelities: Fidelities): Refusal | undefined {
  const rendering = new Rendering({ dialect }, { of: () => everything }, fidelities);
  return refusalOf(() => {
    nodeBlock(
      rel,
      inputsOf(rel).map(() => standIn),
      rendering,
      {
        cte: () => ({ name: 'cte', columns: new Map() }),
        dependent: () => ({ left: standIn, lateral: true, scan: () => standIn }),
      },
    );
    return undefined;
  });
}

/** Has every column there is. */
class AnyColumns extends Map<ColumnId, BoundColumn> {
  override get(id: ColumnId): BoundColumn {
    return super.get(id) ?? simpleColumn('t.c', 'c');
  }

  override has(): boolean {
    return true;
  }
}

class AnyIds extends Set<ColumnId> {
  override has(): boolean {
    return true;
  }
}

const everything = new AnyIds();

const standIn: Block = { ...emptyBlock, from: 't', columns: new AnyColumns() };
