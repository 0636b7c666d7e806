import { unlink } from 'node:fs/promises';
import type { PackCache } from '../cache/pack-cache.js';
import type { StageContext } from '../source/file-access.js';
import { PartialFile } from './partial-file.js';

/** A local file for DuckDB to read, and whose it is. */
export interface StagedCopy {
  readonly path: string;
  /** Bytes that were fetched for it. */
  readonly fetched: number;
  release(): Promise<void>;
}

export interface CopyOptions {
  /** Name of the content in the cache. */
  readonly id: string;
  readonly extension: string;
  readonly cache: PackCache | undefined;
  readonly ctx: StageContext;
  /** Asked where the cache does not have the content. */
  recipe(): Recipe;
}

/** How a copy is made. */
export interface Recipe {
  /** Bytes of the copy. */
  readonly size: number;
  /** Writes the file and says how many bytes it fetched. */
  write(file: PartialFile, cache: PackCache | undefined): Promise<number>;
}

/** A copy from the cache, or a new one, which the cache takes in. Larger than half of the cache, it goes into the spool. */
export async function stagedCopy(options: CopyOptions): Promise<StagedCopy> {
  const { id, extension, ctx } = options;
  const cached = await options.cache?.use(id);
  if (cached !== undefined) return { path: cached, fetched: 0, release: () => remove(cached) };
  const { size, write } = options.recipe();
  const cache = options.cache !== undefined && size <= options.cache.maxBytes / 2 ? options.cache : undefined;
  const reserved = cache === undefined ? size : 0;
  ctx.spool.reserve(reserved);
  const release = async (path: string): Promise<void> => {
    await remove(path);
    ctx.spool.release(reserved);
  };
  let file: PartialFile | undefined;
  try {
    file = await PartialFile.create(cache?.newFile(extension) ?? ctx.spool.newFile(extension));
    const fetched = await write(file, options.cache);
    await file.close();
    await cache?.adopt(file.path, { id, extension, size: file.size, blocks: file.blocks });
    const { path } = file;
    return { path, fetched, release: () => release(path) };
  } catch (error) {
    await file?.discard();
    ctx.spool.release(reserved);
    throw error;
  }
}

/** `rm` would look at the file first, which a thread of the pool waits for. */
async function remove(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  });
}
