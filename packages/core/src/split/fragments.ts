import {
  type Column,
  type ColumnId,
  type Rel,
  columnsOf,
  exprsOf,
  inputsOf,
  outputOf,
  pick,
  plain,
  rewriteRel,
  visitRel,
} from '@tributary/contract/plan';
import type { FragmentId } from '../plan/federated-plan.js';
import type { SplitCosts } from './cost-model.js';

/** A subtree that goes to a source, before the source has said how it will run it. */
export interface DraftFragment {
  readonly id: FragmentId;
  readonly source: string;
  readonly relation: Rel;
}

/** Fragments as they are cut out of a plan. Those of abandoned choices are simply never read. */
export class FragmentCutter {
  readonly #costs: SplitCosts;
  readonly #fragments = new Map<FragmentId, DraftFragment>();

  constructor(costs: SplitCosts) {
    this.#costs = costs;
  }

  /** A leaf for the relation, below whatever the engine does better or must do again itself. */
  cut(rel: Rel, source: string): Rel {
    if (rel.kind === 'sort') return { ...rel, input: this.cut(rel.input, source) };
    if (rel.kind === 'project' && (this.#widens(rel, rel.input) || endsInOrder(rel.input))) {
      return { ...rel, input: this.cut(rel.input, source) };
    }
    const leaf = this.#leaf(rel, source);
    // A relation has no order: what the source sorted for its LIMIT is put in order again here.
    return rel.kind === 'limit' && rel.input.kind === 'sort' ? { ...rel.input, input: leaf } : leaf;
  }

  /** The whole plan as one fragment. */
  whole(rel: Rel, source: string): DraftFragment {
    const id = this.#nextId();
    const fragment = { id, source, relation: rel };
    this.#fragments.set(id, fragment);
    return fragment;
  }

  /** The fragments that the residual reads, with the columns that it reads of them, and the residual over just these. */
  finish(residual: Rel): { readonly fragments: readonly DraftFragment[]; readonly residual: Rel } {
    const wanted = referencedColumns(residual);
    const fragments = new Map<FragmentId, DraftFragment>();
    const narrowed = rewriteRel(residual, (rel) => {
      if (rel.kind !== 'remote') return rel;
      const draft = fragments.get(rel.fragment) ?? this.#narrow(rel.fragment, wanted);
      if (draft === undefined) return rel;
      fragments.set(draft.id, draft);
      return { ...rel, columns: outputOf(draft.relation).map(plain) };
    });
    return { fragments: [...fragments.values()], residual: narrowed };
  }

  #leaf(rel: Rel, source: string): Rel {
    const { id } = this.whole(rel, source);
    return { kind: 'remote', fragment: id, columns: outputOf(rel).map(plain) };
  }

  #narrow(id: FragmentId, wanted: ReadonlySet<ColumnId>): DraftFragment | undefined {
    const draft = this.#fragments.get(id);
    if (draft === undefined) return undefined;
    const columns = outputOf(draft.relation).filter((column) => wanted.has(column.id));
    // Rows without columns are still counted: rendered for a database, they have one column of ones.
    return { ...draft, relation: pick(draft.relation, columns) };
  }

  /** Whether computing these columns in the source would make more bytes to move, or no fewer. */
  #widens(project: Rel, input: Rel): boolean {
    if (project.kind !== 'project' || project.columns.every((c) => c.expr.kind === 'column')) return false;
    const read = new Set<ColumnId>();
    for (const column of project.columns) columnsOf(column.expr, read);
    const needed = outputOf(input).filter((column) => read.has(column.id));
    if (needed.length === 0) return false;
    return this.#costs.rowBytes(pick(input, needed)) <= this.#costs.rowBytes(project);
  }

  #nextId(): FragmentId {
    return `f${this.#fragments.size + 1}`;
  }
}

/** Whether the rows come in an order that projections hand on. */
function endsInOrder(rel: Rel): boolean {
  if (rel.kind === 'project') return endsInOrder(rel.input);
  return rel.kind === 'sort' || (rel.kind === 'limit' && endsInOrder(rel.input));
}

/** Every column that some operator of the plan reads, and those of the answer. */
function referencedColumns(root: Rel): Set<ColumnId> {
  const referenced = new Set<ColumnId>();
  const addAll = (columns: readonly Column[]): void => {
    for (const column of columns) referenced.add(column.id);
  };
  addAll(outputOf(root));
  visitRel(root, (rel) => {
    for (const expr of exprsOf(rel)) columnsOf(expr, referenced);
    if (rel.kind === 'set-operation') for (const feed of rel.feeds) feed.forEach((id) => referenced.add(id));
    if (rel.kind === 'cte-ref') for (const id of rel.feeds) referenced.add(id);
    if (rel.kind === 'distinct') addAll(outputOf(rel.input));
  });
  return referenced;
}

/** The fragments that a relation of the residual reads. */
export function fragmentsOf(rel: Rel, into: Set<FragmentId> = new Set()): Set<FragmentId> {
  if (rel.kind === 'remote') into.add(rel.fragment);
  for (const input of inputsOf(rel)) fragmentsOf(input, into);
  return into;
}
