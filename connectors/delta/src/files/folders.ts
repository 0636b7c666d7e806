import type { CallContext } from '@tributary/connector-sdk';
import type { TableName } from '@tributary/lake';

/** Where tables may lie below a source's root. */
export interface Folders {
  /** Of the root, for people. */
  readonly location: string;
  /** The root as a key prefix: `''`, or it ends in `/`. */
  readonly rootPrefix: string;
  /** The tables: the root itself, the folders in it, and the folders in those, which are schemas then. */
  tables(ctx: CallContext): Promise<readonly TableName[]>;
  /**
   * Key prefix of a folder below the root, ending in `/`.
   *
   * @throws TributaryError SOURCE.PERMISSION when it leads outside of the root
   */
  prefixOf(folder: string, ctx: CallContext): Promise<string>;
}

/** The folder of a table by its name: `sales/events`; undefined for names that no folder has. */
export function folderOf(path: readonly string[]): string | undefined {
  const isOdd = path.some((part) => part === '' || part === '.' || part === '..' || /[/\\\0]/.test(part));
  return isOdd || path.length === 0 || path.length > 2 ? undefined : path.join('/');
}
