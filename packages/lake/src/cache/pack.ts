import { createHash } from 'node:crypto';

/** A stretch of a pack that is found by what it holds. */
export interface PackBlock {
  /** Digest of store, object, content and place there. */
  readonly id: string;
  readonly offset: number;
  readonly length: number;
  /** CRC-32 of the bytes, as zlib computes it. */
  readonly crc: number;
}

/** A file of the cache: what DuckDB reads, and the blocks of which it was put together. */
export interface Pack {
  readonly id: string;
  readonly extension: string;
  readonly size: number;
  readonly blocks: readonly PackBlock[];
}

/** The name of content: parts are kept apart, so that no two lists of them have one name. */
export function contentId(...parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40);
}

export function packText(pack: Pack): string {
  const blocks = pack.blocks.map(({ id, offset, length, crc }) => [id, offset, length, crc]);
  return JSON.stringify({ extension: pack.extension, size: pack.size, blocks });
}

/** Undefined for anything that is no description of a pack. */
export function parsePack(id: string, text: string): Pack | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    const { extension, size, blocks }: { extension?: unknown; size?: unknown; blocks?: unknown } = value;
    if (typeof extension !== 'string' || typeof size !== 'number' || !Array.isArray(blocks)) return undefined;
    const parsed = blocks.map(parseBlock);
    return parsed.every((block) => block !== undefined) ? { id, extension, size, blocks: parsed } : undefined;
  } catch {
    return undefined;
  }
}

function parseBlock(value: unknown): PackBlock | undefined {
  if (!Array.isArray(value)) return undefined;
  const [id, offset, length, crc]: unknown[] = value;
  const isBlock =
    typeof id === 'string' &&
    typeof offset === 'number' &&
    typeof length === 'number' &&
    typeof crc === 'number';
  return isBlock ? { id, offset, length, crc } : undefined;
}
