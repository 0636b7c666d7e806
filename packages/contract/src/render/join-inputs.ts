import type { Block } from './block.js';

/** What the two sides of a join have become. */
export interface JoinInputs {
  readonly left: Block;
  readonly right: Block;
  /** The right side reads the left's columns where it stands. */
  readonly lateral: boolean;
}
