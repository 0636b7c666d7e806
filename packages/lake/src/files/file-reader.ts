import type { ObjectStore } from '../store/object-store.js';

/** How the bytes of files are come by in one call. */
export interface FileReader {
  readonly sourceId: string;
  readonly store: ObjectStore;
  readonly signal: AbortSignal;
  /** Files looked at at a time. */
  readonly parallel: number;
}
