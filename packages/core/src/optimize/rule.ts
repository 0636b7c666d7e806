import { type Rel, mapInputs } from '@tributary/contract';
import type { OptimizeContext } from './context.js';

/** A rewrite of a whole plan that keeps its rows, column ids and column order. */
export interface Rule {
  readonly name: string;
  /** One sentence for people. */
  readonly description: string;
  /** Returns the same object when nothing changed. */
  apply(rel: Rel, ctx: OptimizeContext): Rel;
}

/** A rule that looks at one node at a time, inputs first. */
export function nodeRule(
  name: string,
  description: string,
  rewrite: (rel: Rel, ctx: OptimizeContext) => Rel,
): Rule {
  const apply = (rel: Rel, ctx: OptimizeContext): Rel =>
    rewrite(
      mapInputs(rel, (input) => apply(input, ctx)),
      ctx,
    );
  return { name, description, apply };
}
