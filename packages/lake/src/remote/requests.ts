import type { ByteRange } from '../store/object-store.js';

/** A piece of an object with a place in the file that is being put together. */
export interface Run extends ByteRange {
  readonly to: number;
}

/** A run that is found again by its name. */
export interface Block extends Run {
  readonly id: string;
}

/** One ranged read that brings several blocks. */
export interface BlockRequest extends ByteRange {
  readonly blocks: readonly Block[];
}

/** Bytes in memory per request, and per checksum. */
export const blockBytes = 4 * 1024 * 1024;
/** A gap that is cheaper to read than to go round, where it is little beside what is wanted. */
const gapBytes = 64 * 1024;
const gapShare = 0.04;

/** Cuts a stretch of an object into blocks of at most `blockBytes`. */
export function blocksOf(
  stretch: { readonly from: number; readonly to: number; readonly length: number },
  idOf: (start: number, end: number) => string,
): readonly Block[] {
  const parts = Math.max(Math.ceil(stretch.length / blockBytes), 1);
  return Array.from({ length: parts }, (_, part) => {
    const start = stretch.from + part * blockBytes;
    const end = Math.min(start + blockBytes, stretch.from + stretch.length);
    return { id: idOf(start, end), start, end, to: stretch.to + part * blockBytes };
  });
}

/** Joins blocks that lie beside each other, or nearly, into requests of bounded size. */
export function requestsFor(blocks: readonly Block[]): readonly BlockRequest[] {
  const requests: { start: number; end: number; blocks: Block[]; gaps: number }[] = [];
  for (const block of blocks.toSorted((a, b) => a.start - b.start)) {
    const last = requests.at(-1);
    const gap = last === undefined ? 0 : Math.max(block.start - last.end, 0);
    const isNear =
      gap <= gapBytes && last !== undefined && last.gaps + gap <= (block.end - last.start) * gapShare;
    if (last !== undefined && isNear && block.end - last.start <= blockBytes) {
      last.end = Math.max(last.end, block.end);
      last.blocks.push(block);
      last.gaps += gap;
    } else {
      requests.push({ start: block.start, end: block.end, blocks: [block], gaps: 0 });
    }
  }
  return requests;
}

/** Joins blocks that lie one after the other in the object as well as in the file, so that they are one write. */
export function runsOf(blocks: readonly Block[]): readonly Run[] {
  const runs: { start: number; end: number; to: number }[] = [];
  for (const { start, end, to } of blocks) {
    const last = runs.at(-1);
    if (last?.end === start && last.to + last.end - last.start === to) last.end = end;
    else runs.push({ start, end, to });
  }
  return runs;
}
