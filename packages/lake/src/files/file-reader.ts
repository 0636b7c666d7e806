import type { ObjectStore } from '../store/object-store.js';

/** How the bytes of files are come by. */
export interface FileBytes {
  readonly store: ObjectStore;
  /** Files looked at at a time. */
  readonly parallel: number;
  /** Present where a part that was read before need not cost a request again. */
  readonly kept?: KeptParts | undefined;
}

/** The same in one call. */
export interface FileReader extends FileBytes {
  readonly sourceId: string;
  readonly signal: AbortSignal;
}

/** What tells a small part of a file, such as its footer, from every other. */
export interface PartName {
  readonly key: string;
  /** Mark of the file's content. */
  readonly etag: string;
  readonly part: string;
}

/** Small parts of files that outlive the process. */
export interface KeptParts {
  get(name: PartName): Promise<Uint8Array | undefined>;
  /** Takes what has proved to be right: a damaged part would be found again and again. */
  keep(name: PartName, bytes: Uint8Array): void;
}
