/**
 * The files below a root, as a tree of folders, seen for one call. Paths begin with the root and are what people read:
 * `/data/events/x.parquet`, `s3://bucket/events/x.parquet`.
 */
export interface FileTree {
  readonly sourceId: string;
  readonly root: string;
  readonly signal: AbortSignal;
  /** The same as if the root held only what begins with `name`, where that is less work. */
  narrowed?(name: string): FileTree;
  /** The path that a configuration means. */
  resolve(path: string): string;
  /**
   * @param likely what was there before: a store has no need to look for anything else first
   * @throws TributaryError SOURCE.PERMISSION when the path, links followed, lies outside of the root
   */
  kindOf(path: string, likely?: 'file' | 'folder'): Promise<'file' | 'folder' | undefined>;
  /** The visible entries of a folder, by name. Hidden are names with a leading dot or underscore, as in Hive and Spark. */
  folder(path: string): Promise<readonly Entry[]>;
  /** Every visible file below a folder, at any depth, by path. */
  filesBelow(path: string): Promise<readonly FileEntry[]>;
  /** What tells two contents of the file apart, and how long it is. */
  stat(path: string): Promise<FileStat>;
  /** Whether the folder is a Delta table: whether it has a `_delta_log`. */
  isDelta(folder: string): Promise<boolean>;
}

export type Entry = FileEntry | RefusedEntry;

export interface FileEntry {
  readonly name: string;
  readonly path: string;
  readonly kind: 'file' | 'folder';
}

/** A symbolic link that leads nowhere or out of the root: an error for whoever wants to read it. */
export interface RefusedEntry {
  readonly name: string;
  readonly path: string;
  readonly kind: 'refused';
  readonly error: unknown;
}

export interface FileStat {
  /** Key in the store that reads the file. */
  readonly key: string;
  readonly size: number;
  readonly etag: string;
}
