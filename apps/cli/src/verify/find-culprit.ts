import type { Decision, IFederatedDataSource } from '@tributary/contract';
import { type Restriction, RestrictedSource, restrictions } from './restricted-source.js';

export interface Culprit {
  readonly sourceId: string;
  readonly restriction: Restriction;
  /** The pushed pieces of that kind, by EXPLAIN. */
  readonly decisions: readonly Decision[];
}

/** Whether the pushed answer is right when these are the sources. */
export type Agrees = (sources: readonly IFederatedDataSource[]) => Promise<boolean>;

/**
 * Keeps one kind of piece from one source at a time until the answers agree.
 *
 * @param onTry told before each attempt
 * @returns undefined when no single kind is to blame
 */
export async function findCulprit(
  sources: readonly IFederatedDataSource[],
  decisions: readonly Decision[],
  agrees: Agrees,
  onTry: (sourceId: string, label: string) => void,
): Promise<Culprit | undefined> {
  for (const restriction of restrictions) {
    for (const source of sources) {
      const pushed = decisions.filter(
        ({ piece, outcome, sourceId }) =>
          sourceId === source.sourceId && outcome !== 'kept' && restriction.pieces.includes(piece),
      );
      const capabilities = restriction.restrict(source.getInfo().capabilities);
      if (capabilities === undefined || pushed.length === 0) continue;
      onTry(source.sourceId, restriction.label);
      const others = sources.map((other) =>
        other === source
          ? new RestrictedSource(other, capabilities)
          : new RestrictedSource(other, other.getInfo().capabilities),
      );
      if (await agrees(others)) return { sourceId: source.sourceId, restriction, decisions: pushed };
    }
  }
  return undefined;
}
