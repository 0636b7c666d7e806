import { Permits } from '@tributary/connector-sdk';
import { PackCache, type PackCacheOptions } from '../cache/pack-cache.js';
import type { FileAccess, StageContext, Staging, WantedFile } from '../source/file-access.js';
import type { SteadyStore } from '../store/steady-store.js';
import type { LakeColumn } from '../table/lake-table.js';
import { allOrNone } from './all-or-none.js';
import { stageParquet } from './stage-parquet.js';
import { stageText } from './stage-text.js';
import { PackedParts } from './packed-parts.js';
import type { StageTools } from './stage-tools.js';
import type { StagedCopy } from './staged-copy.js';

/** Files whose footers are read at a time; the store bounds the requests. */
const footersAtOnce = 16;
/** Copies in the making at a time. */
const copiesAtOnce = 32;
/** Requests of one scan whose bytes are in memory. */
const requestsInMemory = 16;

/** Files of an object store, of which copies of what a scan needs are made on this machine. */
export function fetched(store: SteadyStore, cacheOptions: PackCacheOptions | undefined): FileAccess {
  const cache = cacheOptions && new PackCache(cacheOptions);
  const kept = cache && new PackedParts(cache, store.id);
  return {
    store,
    parallel: footersAtOnce,
    kept,
    isRemote: true,
    stage: (scans, wanted, ctx) =>
      stage(scans, wanted, {
        store,
        cache,
        ctx: withTotal(ctx),
        places: new Permits(requestsInMemory),
      }),
    localDirectories: () => (cache === undefined ? [] : [cache.realDirectory()]),
    close: async () => {
      await kept?.close();
      await store.close();
    },
  };
}

async function stage(
  scans: readonly WantedFile[],
  wanted: readonly LakeColumn[],
  tools: StageTools,
): Promise<Staging> {
  const copies: StagedCopy[] = [];
  const release = async (): Promise<void> => {
    await Promise.all(copies.map((copy) => copy.release()));
  };
  try {
    const files = await allOrNone(
      scans,
      tools.ctx.signal,
      async (scan, signal) => {
        const copy = await copyOf(scan, wanted, { ...tools, ctx: { ...tools.ctx, signal } });
        copies.push(copy);
        return { kind: 'read' as const, file: scan.file, path: copy.path };
      },
      new Permits(copiesAtOnce),
    );
    return { files, slim: true, fetchedBytes: copies.reduce((sum, copy) => sum + copy.fetched, 0), release };
  } catch (error) {
    await release();
    throw error;
  }
}

function copyOf(scan: WantedFile, wanted: readonly LakeColumn[], tools: StageTools): Promise<StagedCopy> {
  const { details } = scan.file.description;
  return details.kind === 'parquet'
    ? stageParquet(scan, details.footer, wanted, tools)
    : stageText(scan, tools);
}

/** Progress is told in running totals. */
function withTotal(ctx: StageContext): StageContext {
  let total = 0;
  return {
    ...ctx,
    onProgress: (rows, bytes) => {
      total += bytes;
      ctx.onProgress(rows, total);
    },
  };
}
