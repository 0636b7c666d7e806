import type { KeySetId, Rel } from '@tributary/contract/plan';
import type { SqlDialect } from '@tributary/contract/render';
import type { KeySetValues, SourceType, SqlCapabilities } from '@tributary/contract/source';
import type { Classify } from '../errors/classified.js';
import type { DescribedTables } from './described-tables.js';
import type { HasValue } from './existing-keys.js';
import type { SqlDriver } from './sql-driver.js';

/** What a SQL source is made of. */
export interface SqlSourceOptions {
  /** As the configuration names it. */
  readonly sourceId: string;
  /** The connector's name, as in configurations. */
  readonly connector: string;
  /** Default `database`. */
  readonly sourceType?: SourceType;
  /** Round trip, in milliseconds. */
  readonly latencyMs: number;
  /** Megabits per second. */
  readonly bandwidthMbps: number;
  /** Price of the source's work relative to local work, which is 1.0. */
  readonly costMultiplier: number;
  /** Sources with the same context are one server under one user: they can be joined there. */
  readonly computeContext: string;
  /**
   * A function where the dialect depends on the server: it is asked at every plan, so it may know more once the driver has
   * described a table (which comes before any plan). It does no I/O, returns the same object while nothing has changed, and until
   * the server is known what holds for every product.
   */
  readonly capabilities: SqlCapabilities | (() => SqlCapabilities);
  readonly driver: SqlDriver;
  /** One of the contract's errors for whatever the driver raised. No secrets in its message. */
  readonly classify: Classify;
  /** A relation as it is to be rendered: the place for `withReadForms`. Must yield the same columns. */
  readonly prepareRelation?: (rel: Rel, tables: DescribedTables) => Rel;
  /**
   * Which keys of a key set the database can hold at all; others are left out. Default: all. Without it a key that has no
   * counterpart must not make the statement fail.
   */
  readonly hasValue?: HasValue;
  /**
   * The form of key sets whose values are known, where it depends on them: on their number, or because the database takes no
   * arrays (`x IN (1, 2, …)`). With it a statement with key sets is rendered again for each execution. The dialect's own `keySet`
   * is what EXPLAIN shows. Undefined: the dialect's own.
   */
  readonly keySetForm?: (
    keySets: ReadonlyMap<KeySetId, KeySetValues>,
    relation: Rel,
  ) => SqlDialect['keySet'] | undefined;
}
