import type { Section } from '../report/section.js';
import type { World } from '../world/world.js';

export interface Benchmark {
  readonly name: string;
  /** For `--help`. */
  readonly summary: string;
  /** @param say a line for whoever is watching */
  run(world: World, say: (line: string) => void): Promise<Section>;
}
