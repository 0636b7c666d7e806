import { type Engine, type ViewDefinition } from '@tributary/core';
import { TributaryError } from '@tributary/contract';
import type { Colors } from '../terminal/colors.js';
import { quoteDotted } from '../statement/identifiers.js';

export interface BrokenView {
  readonly view: ViewDefinition;
  readonly error: TributaryError;
}

/** The views of the configuration that cannot be planned: the engine looks at one only when a statement reads it. */
export async function brokenViews(engine: Engine, signal: AbortSignal): Promise<readonly BrokenView[]> {
  const broken: BrokenView[] = [];
  for (const view of engine.views()) {
    try {
      await engine.explain(`select * from ${quoteDotted([view.name])}`, { signal });
    } catch (error) {
      if (signal.aborted || !(error instanceof TributaryError)) throw error;
      broken.push({ view, error });
    }
  }
  return broken;
}

export function brokenViewText({ view, error }: BrokenView, colors: Colors): string {
  const candidates = error.candidates.length > 0 ? `Did you mean ${error.candidates.join(', ')}?` : error.fix;
  return (
    `${colors.red('FAILED')}  ${colors.bold(view.name)}  view of the configuration\n` +
    `          error: ${error.code}: ${error.message}\n          ${colors.green('fix')}: ${candidates}\n`
  );
}
