import type { Column, Rel } from '@tributary/contract/plan';
import type { FederatedDataSourceInfo, SourceCapabilities } from '@tributary/contract/source';
import type { SplitCosts } from './cost-model.js';

/** What so many keys spare their consumer. */
export interface KeySavings {
  readonly rowsWithout: number;
  readonly rowsWith: number;
  /** Milliseconds; negative where looking the keys up costs more than it spares. */
  readonly ms: number;
  readonly isWorthIt: boolean;
}

/** A key set is worth its wait when it spares at least so many milliseconds of transfer, and this share of rows and time. */
export const minMsSaved = 1;
const minShareSaved = 0.2;
/** Milliseconds of collecting, sending and looking up a key in a server, and of reading a row there by an index. */
const msPerKey = 3e-3;
const msPerRowFound = 2e-3;
/** Milliseconds of a row where a server looks all rows up in the keys instead. */
const msPerRowTested = 1.5e-4;

/**
 * The savings of a relation of a source as a function of the number of keys.
 * @param matched the columns that the keys are compared with
 */
export function keySavings(
  relation: Rel,
  matched: readonly Column[],
  { sourceId, sourceType, capabilities }: FederatedDataSourceInfo,
  costs: SplitCosts,
): (keys: number) => KeySavings {
  const rowsWithout = costs.rows(relation);
  const distinct = costs.distinct(
    relation,
    matched.map((column) => column.id),
  );
  const present = Math.max(1, distinct);
  // A server that finds nothing answers at once; files are opened whatever is wanted of them.
  const transferMs =
    sourceType === 'local' ? costs.rowsTransfer(relation, sourceId) : costs.transfer(relation, sourceId);
  return (keys) => {
    const rowsWith = Math.min(rowsWithout, (rowsWithout * keys) / present);
    const share = rowsWithout === 0 ? 0 : 1 - rowsWith / rowsWithout;
    const ms = transferMs * share - lookupMs(keys, rowsWith, rowsWithout, capabilities.kind);
    const isWorthIt = ms >= Math.max(minMsSaved, transferMs * minShareSaved) && share >= minShareSaved;
    return { rowsWithout, rowsWith, ms, isWorthIt };
  };
}

/** What a server pays for finding rows by keys instead of reading them in turn. Where DuckDB reads, there is no difference. */
function lookupMs(keys: number, found: number, all: number, kind: SourceCapabilities['kind']): number {
  switch (kind) {
    case 'plain':
      return 0;
    case 'sql':
      return keys * msPerKey + Math.min(found * msPerRowFound, all * msPerRowTested);
  }
}
