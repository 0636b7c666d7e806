import { type Rel, mapInputs, outputOf, plain } from '@tributary/contract/plan';
import type { HeldRelation } from '../plan/federated-plan.js';

/** Takes chosen parts out of the relations that contain them: each becomes a leaf that all of them read. */
export class RelationHolder {
  readonly #chosen: ReadonlySet<Rel>;
  readonly #leaves = new Map<Rel, Rel>();
  readonly #held: HeldRelation[] = [];

  /** @param chosen parts as the very nodes that stand in the relations */
  constructor(chosen: Iterable<Rel>) {
    this.#chosen = new Set(chosen);
  }

  /** Those taken out so far; one that is read by another comes before it. */
  get held(): readonly HeldRelation[] {
    return this.#held;
  }

  /** The relation with a leaf for each of the chosen parts in it. */
  within(rel: Rel): Rel {
    if (this.#chosen.size === 0) return rel;
    const known = this.#leaves.get(rel);
    if (known !== undefined) return known;
    const relation = mapInputs(rel, (input) => this.within(input));
    if (!this.#chosen.has(rel)) return relation;
    const columns = outputOf(rel).map(plain);
    const id = `h${this.#held.length + 1}`;
    this.#held.push({ id, relation, columns });
    const leaf: Rel = { kind: 'remote', fragment: id, columns };
    this.#leaves.set(rel, leaf);
    return leaf;
  }
}
