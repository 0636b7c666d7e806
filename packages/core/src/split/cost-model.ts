import type { Rel } from '@tributary/contract/plan';
import type { StatisticsOrigin } from '@tributary/contract/source';

/** What the splitter asks of the cost model; all in milliseconds. */
export interface SplitCosts {
  /** Work of this node alone, done by the source. */
  sourceWork(rel: Rel, source: string): number;
  /** Work of this node alone, done by DuckDB over fetched inputs. */
  localWork(rel: Rel): number;
  /** Bringing the relation's rows here, a round trip included. */
  transfer(rel: Rel, source: string): number;
  /** The same without the round trip: what fewer rows can spare. */
  rowsTransfer(rel: Rel, source: string): number;
  /** Having a residual at all. */
  readonly residualMs: number;
  rows(rel: Rel): number;
  /** Average bytes of a row of the relation. */
  rowBytes(rel: Rel): number;
  /** Estimated distinct values of these columns together. */
  distinct(rel: Rel, columns: readonly number[]): number;
  /** Where the figures come from, for EXPLAIN. */
  origin(rel: Rel): StatisticsOrigin;
}
