import { giveBuffer, takeBuffer } from '@tributary/columnar/spares';
import { contentId } from '../cache/pack.js';
import type { PackCache } from '../cache/pack-cache.js';
import type { ParquetFooter } from '../parquet/footer.js';
import type { WantedFile } from '../source/file-access.js';
import type { PinnedCall } from '../store/object-store.js';
import { type LakeColumn, storedColumn } from '../table/lake-table.js';
import { allOrNone } from './all-or-none.js';
import type { StageTools } from './stage-tools.js';
import { type PartialFile, smallBytes } from './partial-file.js';
import { type Block, type BlockRequest, blocksOf, requestsFor } from './requests.js';
import { slimFooter, slimHead, slimLayout } from './slim-footer.js';
import { type StagedCopy, stagedCopy } from './staged-copy.js';

/** Changes when slim files of equal content are made otherwise: a cache outlives versions. */
const layoutVersion = 'slim-1';

/** A Parquet file of the wanted row groups and columns, byte for byte as they stand in the object, under a new footer. */
export function stageParquet(
  { file, groups = [] }: WantedFile,
  footer: ParquetFooter,
  wanted: readonly LakeColumn[],
  tools: StageTools,
): Promise<StagedCopy> {
  const { store, cache, ctx, places } = tools;
  const { key, etag } = file.file;
  const columns = new Set(
    wanted.flatMap((column) =>
      column.origin === 'file' ? (storedColumn(file.description, column)?.name ?? []) : [],
    ),
  );
  const content = [store.id, key, etag] as const;
  return stagedCopy({
    id: contentId(layoutVersion, ...content, JSON.stringify([groups, [...columns].toSorted()])),
    extension: '.parquet',
    cache,
    ctx,
    recipe: () => {
      const layout = slimLayout(footer, groups, columns);
      const end = slimFooter(footer, groups, columns, layout);
      return {
        size: layout.dataEnd + end.length,
        write: async (out, known) => {
          await out.write('head', slimHead, 0);
          const all = layout.chunks.flatMap((chunk) =>
            blocksOf(chunk, (from, to) => contentId(...content, from, to)),
          );
          const missing = known === undefined ? all : await copyKnown(all, known, out);
          const fetched = await allOrNone(
            requestsFor(missing),
            ctx.signal,
            async (request, signal) => {
              const fetched = await fetchBlocks(request, { key, etag, signal }, out, tools);
              ctx.onProgress(0, fetched);
              return fetched;
            },
            places,
          );
          await out.write('foot', end, layout.dataEnd);
          return fetched.reduce((sum, length) => sum + length, 0);
        },
      };
    },
  });
}

async function fetchBlocks(
  request: BlockRequest,
  { key, etag, signal }: PinnedCall & { readonly key: string },
  out: PartialFile,
  { store }: StageTools,
): Promise<number> {
  const length = request.end - request.start;
  // The file keeps what is small for a while.
  const into = length > smallBytes ? takeBuffer(length) : undefined;
  const bytes = await store.read(key, request, { etag, signal, ...(into !== undefined && { into }) });
  await out.writeBlocks(request, bytes);
  // After a failure, somebody might still write to it.
  if (into !== undefined) giveBuffer(into);
  return bytes.length;
}

/** Copies the blocks that the cache has; returns the others. */
async function copyKnown(
  blocks: readonly Block[],
  cache: PackCache,
  out: PartialFile,
): Promise<readonly Block[]> {
  const missing: Block[] = [];
  for (const block of blocks) {
    const bytes = await cache.readBlock(block.id);
    if (bytes?.length === block.end - block.start) await out.write(block.id, bytes, block.to);
    else missing.push(block);
  }
  return missing;
}
