/** What the child process is to run. */
export interface MemoryTask {
  readonly url: string;
  readonly parquet: string;
  readonly sql: string;
  readonly memoryLimit: string;
  readonly spillDirectory: string;
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
