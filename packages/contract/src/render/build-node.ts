import type { DependentJoin, Rel } from '../plan/index.js';
import { aggregateBlock } from './aggregate-block.js';
import type { Block } from './block.js';
import { brokenPlan } from './broken-plan.js';
import { type DependentLeft, leaveDependentJoin } from './dependent-joins.js';
import { joinBlock } from './joins.js';
import { type CteShape, cteRefBlock, remoteBlock, scanBlock, valuesBlock } from './leaves.js';
import { distinctBlock, filterBlock, limitBlock, projectBlock, sortBlock, windowBlock } from './operators.js';
import type { Rendering } from './rendering.js';
import { setOperationBlock } from './set-operation-block.js';

/** What a node may read beside its inputs. */
export interface NodeContext {
  readonly cte: (id: number) => CteShape;
  readonly dependent: (join: DependentJoin['id']) => DependentLeft;
}

/** One operator put on top of its inputs' blocks. */
export function nodeBlock(
  rel: Rel,
  inputs: readonly Block[],
  rendering: Rendering,
  context: NodeContext,
): Block {
  const input = (i: number): Block => inputs[i] ?? brokenPlan(`${rel.kind} without its input`);
  switch (rel.kind) {
    case 'scan':
      return scanBlock(rel, rendering);
    case 'values':
      return valuesBlock(rel, rendering);
    case 'remote':
      return remoteBlock(rel, rendering);
    case 'cte-ref':
      return cteRefBlock(rel, context.cte(rel.cte), rendering);
    case 'dependent-scan':
      return context.dependent(rel.join).scan(rel);
    case 'filter':
      return filterBlock(rel, input(0), rendering);
    case 'project':
      return projectBlock(rel, input(0), rendering);
    case 'aggregate':
      return aggregateBlock(rel, input(0), rendering);
    case 'window':
      return windowBlock(rel, input(0), rendering);
    case 'distinct':
      return distinctBlock(rel, input(0), rendering);
    case 'sort':
      return sortBlock(rel, input(0), rendering);
    case 'limit':
      return limitBlock(rel, input(0), rendering);
    case 'join':
      return joinBlock(rel, { left: input(0), right: input(1), lateral: false }, rendering);
    case 'dependent-join': {
      const { left, lateral } = context.dependent(rel.id);
      return leaveDependentJoin(rel, joinBlock(rel, { left, right: input(1), lateral }, rendering));
    }
    case 'set-operation':
      return setOperationBlock(rel, inputs, rendering);
    case 'with':
      return input(1);
  }
}
