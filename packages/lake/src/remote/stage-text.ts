import { TributaryError } from '@tributary/connector-sdk';
import { contentId } from '../cache/pack.js';
import type { WantedFile } from '../source/file-access.js';
import type { StageTools } from './stage-tools.js';
import { blockBytes } from './requests.js';
import { type StagedCopy, stagedCopy } from './staged-copy.js';

/** A whole CSV or NDJSON file, compressed as it is: DuckDB tells by the name's end. */
export function stageText({ file }: WantedFile, { store, cache, ctx }: StageTools): Promise<StagedCopy> {
  const { key, etag, size, path } = file.file;
  const id = contentId(store.id, key, etag, 'whole');
  return stagedCopy({
    id,
    extension: /\.[a-z]+(\.gz|\.zst)?$/i.exec(path)?.[0].toLowerCase() ?? '.txt',
    cache,
    ctx,
    recipe: () => ({
      size,
      write: async (out) => {
        for await (const bytes of inBlocks(store.stream(key, { etag, signal: ctx.signal }))) {
          const before = out.size;
          await out.write(contentId(id, before), bytes, before);
          ctx.onProgress(0, bytes.length);
        }
        if (out.size === size) return size;
        throw new TributaryError('SOURCE.CHANGED_OBJECT', {
          message: `${path}: ${out.size} bytes came where its listing said ${size}.`,
          sourceId: ctx.sourceId,
          object: path,
        });
      },
    }),
  });
}

/** Gathers pieces of a stream into blocks of one size. */
async function* inBlocks(stream: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of stream) {
    pieces.push(piece);
    length += piece.length;
    if (length < blockBytes) continue;
    yield Buffer.concat(pieces);
    pieces = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(pieces);
}
