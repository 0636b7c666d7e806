import type { SchemaNode, ThriftChunk } from './thrift-footer.js';

/** The thrift header before a page's bytes, about. */
const pageHeaderBytes = 14;
/** Indexes up to this width are taken for indexes; wider ones are plain values, written where a dictionary got too large. */
const mostIndexBits = 24;

/**
 * About how many distinct values a column chunk holds. Writers seldom count them, but a dictionary has each value once,
 * and rows hold its positions in as many bits as count them: what the pages take, the footer says. Undefined for chunks
 * without a dictionary.
 *
 * Sizes are compressed, so this may be off by two or three times; guesses without it are off by thousands.
 */
export function chunkDistinct(
  chunk: ThriftChunk,
  rows: number,
  node: SchemaNode | undefined,
): number | undefined {
  const { statistics, dictionaryBytes, compressedBytes, uncompressedBytes } = chunk;
  const values = rows - (statistics?.nulls ?? 0);
  const counted = statistics?.distinct;
  // Some writers leave a nought there.
  if (counted !== undefined && (counted > 0 || (counted === 0 && values === 0))) return counted;
  const width = node && valueBytes(node, chunk);
  if (dictionaryBytes === undefined || width === undefined || rows === 0) return undefined;
  const inflation = Math.max(1, uncompressedBytes / Math.max(1, compressedBytes));
  const byDictionary = (Math.max(0, dictionaryBytes - pageHeaderBytes) * inflation) / width;
  const bits = ((compressedBytes - dictionaryBytes) * 8) / rows;
  // Numbers that need 11 bits are between 1024 and 2048.
  const byIndexes = 0.75 * 2 ** Math.min(bits, mostIndexBits);
  return Math.max(1, Math.min(values, Math.round(Math.max(byDictionary, byIndexes))));
}

/** Bytes of a value in a dictionary page; of a text, by the bounds. */
function valueBytes({ type, typeLength }: SchemaNode, { statistics }: ThriftChunk): number | undefined {
  switch (type) {
    case 'INT32':
    case 'FLOAT':
      return 4;
    case 'INT64':
    case 'DOUBLE':
      return 8;
    case 'INT96':
      return 12;
    case 'FIXED_LEN_BYTE_ARRAY':
      return typeLength;
    case 'BYTE_ARRAY': {
      const lengths = [statistics?.min, statistics?.max].flatMap((bound) => bound?.length ?? []);
      if (lengths.length === 0) return undefined;
      return 4 + lengths.reduce((a, b) => a + b, 0) / lengths.length;
    }
    case 'BOOLEAN':
    case undefined:
      return undefined;
  }
}
