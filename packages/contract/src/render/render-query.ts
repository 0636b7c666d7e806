import { type Rel, inputsOf, outputOf } from '../plan/index.js';
import { type Block, unknownColumn } from './block.js';
import { brokenPlan } from './broken-plan.js';
import { nodeBlock } from './build-node.js';
import { type DependentLeft, dependentLeft } from './dependent-joins.js';
import type { RenderedQuery } from './dialect.js';
import { fidelitiesOf } from './fidelity.js';
import { type CteShape, defineCte } from './leaves.js';
import { columnNamesOf } from './names.js';
import { type RenderOptions, Rendering } from './rendering.js';
import { requiredColumns } from './required-columns.js';
import { selectText } from './select-text.js';

/**
 * A plan as one SQL statement, its columns in the order of `outputOf(rel)`. A plan without columns yields one column of ones, so
 * that its rows can be counted.
 *
 * @throws RenderRefusal where the dialect has no exact form for something in the plan.
 */
export function renderQuery(rel: Rel, options: RenderOptions): RenderedQuery {
  const rendering = new Rendering(options, requiredColumns(rel), fidelitiesOf(rel), columnNamesOf(rel));
  const block = new BlockBuilder(rendering).build(rel);
  const items = outputOf(rel).map((column, i) => ({
    id: column.id,
    column: block.columns.get(column.id) ?? unknownColumn(column.id),
    name: options.outputNames === 'positional' ? `c${i}` : column.name,
  }));
  const select = selectText(block, items, rendering);
  const { layout } = rendering;
  const as = options.dialect.plainCtes === true ? 'AS' : 'AS MATERIALIZED';
  const ctes = rendering.ctes.map((cte) => `${cte.name} ${as} ${layout.block(cte.sql)}`);
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
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.inputs[top.done.length];
      if (next !== undefined) {
        this.#betweenInputs(top);
        stack.push(frame(next));
        continue;
      }
      const block = nodeBlock(top.rel, top.done, this.#rendering, {
        cte: (id) => this.#ctes.get(id) ?? brokenPlan(`CTE ${id} is read before it is defined`),
        dependent: (id) =>
          this.#dependent.get(id) ?? brokenPlan(`the values of join ${id} are read outside it`),
      });
      stack.pop();
      const parent = stack.at(-1);
      if (parent === undefined) return block;
      parent.done.push(block);
    }
    return brokenPlan('it is empty');
  }

  /** What the first input settles before the second is built. */
  #betweenInputs({ rel, done }: Frame): void {
    const [first] = done;
    if (first === undefined || done.length !== 1) return;
    if (rel.kind === 'with') {
      const wanted = this.#rendering.required.of(rel.definition);
      this.#ctes.set(rel.id, defineCte(rel.name, first, this.#rendering, wanted));
    }
    if (rel.kind === 'dependent-join')
      this.#dependent.set(rel.id, dependentLeft(rel, first, this.#rendering));
  }
}

function frame(rel: Rel): Frame {
  return { rel, inputs: inputsOf(rel), done: [] };
}
