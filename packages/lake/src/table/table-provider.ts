import type { CallContext } from '@tributary/connector-sdk';
import type { LakeTable } from './lake-table.js';
import type { TableName } from './table-name.js';

/** What a look at tables gets. */
export interface LookContext extends CallContext {
  /** What was seen after this moment need not be looked at again, as `performance.now()` says it. Absent: now. */
  readonly since?: number;
}

/** Which files of a table are looked at. */
export interface Looks {
  /** Whether all are, however many. */
  readonly whole: boolean;
  /** Paths of those that are in any case. */
  readonly also: ReadonlySet<string>;
}

/**
 * Which tables there are, and which files each has: a folder's listing says so, or a table format's log. All reading,
 * pruning and caching is the same behind it.
 */
export interface TableProvider {
  /** Where the tables are, for people: a folder, `s3://bucket/prefix`. */
  readonly location: string;

  list(ctx: CallContext): Promise<readonly TableName[]>;

  /**
   * The table as it is now; undefined when there is none of that name. Calls with one `ctx` may be answered from one look.
   *
   * @param before the result of the last load of the same path: what it knows need not be read again, and it is the
   *   result itself when nothing has changed
   * @param looks which files are looked at even where a sample would do
   */
  load(
    path: readonly string[],
    before: LakeTable | undefined,
    ctx: LookContext,
    looks: Looks,
  ): Promise<LakeTable | undefined>;

  /** As `load`, for a table that it has found before: the name need not be looked up again. Absent: `load` does it. */
  reload?(
    path: readonly string[],
    before: LakeTable,
    ctx: LookContext,
    looks: Looks,
  ): Promise<LakeTable | undefined>;

  /** Forgets what it has seen. */
  clear(): void;
}
