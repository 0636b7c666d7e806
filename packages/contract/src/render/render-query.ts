import { type Rel, inputsOf, outputOf } from '../plan/index.js';
import { TributaryError } from '../errors/index.js';
import { aggregateBlock } from './aggregate-block.js';
import { type Block, unknownColumn } from './block.js';
import { type DependentLeft, dependentLeft } from './dependent-joins.js';
import type { RenderedQuery } from './dialect.js';
import { fidelitiesOf } from './fidelity.js';
import { joinBlock } from './joins.js';
import { type CteShape, cteRefBlock, defineCte, remoteBlock, scanBlock, valuesBlock } from './leaves.js';
import { distinctBlock, filterBlock, limitBlock, projectBlock, sortBlock, windowBlock } from './operators.js';
import { type RenderOptions, Rendering } from './rendering.js';
import { RequiredColumns } from './required-columns.js';
import { selectText } from './select-text.js';
import { setOperationBlock } from './set-operation-block.js';

/**
 * A plan as one SQL statement, its columns in the order of `outputOf(rel)`. A plan without columns yields one column of ones, so
 * that its rows can be counted.
 *
 * @throws RenderRefusal where the dialect has no exact form for something in the plan.
 */
export function renderQuery(rel: Rel, options: RenderOptions): RenderedQuery {
  const rendering = new Rendering(options, new RequiredColumns(rel), fidelitiesOf(rel));
  const block = new BlockBuilder(rendering).build(rel);
  const items = outputOf(rel).map((column, i) => ({
    id: column.id,
    column: block.columns.get(column.id) ?? unknownColumn(column.id),
    name: options.outputNames === 'positional' ? `c${i}` : column.name,
  }));
  const select = selectText(block, items, rendering);
  const { layout } = rendering;
  const ctes = rendering.ctes.map((cte) => `${cte.name} AS MATERIALIZED ${layout.block(cte.sql)}`);
  return rendering.finish(
    ctes.length === 0 ? select : `WITH ${ctes.join(`,${layout.newline}`)}${layout.newline}${select}`,
  );
}

interface Frame {
  readonly rel: Rel;
  readonly inputs: readonly Rel[];
  readonly done: Block[];
}

/** Builds blocks from the leaves up, with a stack of its own: plans may be deeper than the call stack. */
class BlockBuilder {
  readonly #rendering: Rendering;
  readonly #ctes = new Map<number, CteShape>();
  readonly #dependent = new Map<number, DependentLeft>();

  constructor(rendering: Rendering) {
    this.#rendering = rendering;
  }

  build(root: Rel): Block {
    const stack: Frame[] = [frame(root)];
    for (;;) {
      const top = stack.at(-1);
      if (top === undefined) throw broken('an empty plan');
      const next = top.inputs[top.done.length];
      if (next !== undefined) {
        this.#between(top);
        stack.push(frame(next));
        continue;
      }
      const block = this.#node(top.rel, top.done);
      stack.pop();
      const parent = stack.at(-1);
      if (parent === undefined) return block;
      parent.done.push(block);
    }
  }

  /** What the first input settles before the second is built. */
  #between({ rel, done }: Frame): void {
    const [first] = done;
    if (first === undefined || done.length !== 1) return;
    if (rel.kind === 'with') {
      const wanted = this.#rendering.required.of(rel.definition);
      this.#ctes.set(rel.id, defineCte(rel.name, first, this.#rendering, wanted));
    }
    if (rel.kind === 'dependent-join')
      this.#dependent.set(rel.id, dependentLeft(rel, first, this.#rendering));
  }

  #node(rel: Rel, inputs: readonly Block[]): Block {
    const rendering = this.#rendering;
    const input = (i: number): Block => inputs[i] ?? fail(`${rel.kind} without its input`);
    switch (rel.kind) {
      case 'scan':
        return scanBlock(rel, rendering);
      case 'values':
        return valuesBlock(rel, rendering);
      case 'remote':
        return remoteBlock(rel, rendering);
      case 'cte-ref':
        return cteRefBlock(
          rel,
          this.#ctes.get(rel.cte) ?? fail(`CTE ${rel.cte} read before it is defined`),
          rendering,
        );
      case 'dependent-scan':
        return this.#dependent.get(rel.join)?.scan(rel) ?? fail(`values of join ${rel.join} read outside it`);
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
        const { left, lateral } = this.#dependent.get(rel.id) ?? fail(`join ${rel.id} without its left side`);
        return joinBlock(rel, { left, right: input(1), lateral }, rendering);
      }
      case 'set-operation':
        return setOperationBlock(rel, inputs, rendering);
      case 'with':
        return input(1);
    }
  }
}

function frame(rel: Rel): Frame {
  return { rel, inputs: inputsOf(rel), done: [] };
}

function broken(what: string): TributaryError {
  return new TributaryError('ENGINE.INTERNAL', { message: `The plan to render is broken: ${what}.` });
}

function fail(what: string): never {
  throw broken(what);
}
