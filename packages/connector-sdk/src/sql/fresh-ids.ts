import { type Rel, outputOf, visitRel } from '@tributary/contract/plan';

/** Ids for columns that planning adds to a relation. */
export class FreshIds {
  #next: number;

  constructor(rel: Rel) {
    let highest = 0;
    visitRel(rel, (node) => {
      for (const column of outputOf(node)) highest = Math.max(highest, column.id);
    });
    this.#next = highest + 1;
  }

  take(): number {
    const id = this.#next;
    this.#next += 1;
    return id;
  }
}
