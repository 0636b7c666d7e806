import type { StorePlace } from '../peers/httpfs-peer.js';

/** What the child process is to run. */
export interface MemoryTask {
  readonly sources: TablesPlace | StoredPlace;
  readonly sql: string;
  readonly memoryLimit: string;
  readonly spillDirectory: string;
}

/** Tables in PostgreSQL, as `shop`, and in Parquet files, as `lake`. */
interface TablesPlace {
  readonly kind: 'tables';
  readonly url: string;
  readonly parquet: string;
}

/** Parquet files in a bucket, as `lake`. */
interface StoredPlace extends StorePlace {
  readonly kind: 'store';
  /** Folder of the disk cache. */
  readonly cache: string;
}

export interface MemoryReport {
  readonly rows: number;
  readonly ms: number;
  /** Most memory that the process ever had (resident). */
  readonly peakBytes: number;
  /** The same before the engine was opened: Node with the code loaded. */
  readonly baseBytes: number;
  readonly rowsFetched: number;
}
