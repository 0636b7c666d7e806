import type { TpchTable } from './tables.js';

/** What a loader gets to know. */
export interface TpchLoad {
  readonly url: URL;
  /** The folder of the Parquet files. */
  readonly parquet: string;
  readonly tables: readonly TpchTable[];
  readonly schema?: string;
}
