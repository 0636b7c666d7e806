import { expect, test } from 'vitest';
import { chunkDistinct } from './chunk-distinct.js';
import type { SchemaNode, ThriftChunk, ThriftStatistics } from './thrift-footer.js';

const rows = 100_000;

function leaf(type: SchemaNode['type'], typeLength?: number): SchemaNode {
  return {
    name: 'c',
    type,
    typeLength,
    repetition: 'OPTIONAL',
    children: 0,
    converted: undefined,
    scale: 0,
    precision: 0,
    logical: undefined,
  };
}

function statistics(more: Partial<ThriftStatistics>): ThriftStatistics {
  const none = { nulls: 0, distinct: undefined, min: undefined, max: undefined };
  return { ...none, deprecated: false, uncut: false, ...more };
}

/** A chunk of `rows` rows without compression: a dictionary, and what its data pages take for each row. */
function chunk(
  dictionaryBytes: number | undefined,
  bitsPerRow: number,
  more: Partial<ThriftChunk> = {},
): ThriftChunk {
  const compressedBytes = (dictionaryBytes ?? 0) + (rows * bitsPerRow) / 8;
  return {
    meta: 0,
    start: 4,
    dictionaryBytes,
    compressedBytes,
    uncompressedBytes: compressedBytes,
    statistics: undefined,
    bloom: undefined,
    ...more,
  };
}

test('a dictionary has each value once', () => {
  // Sorted rows: runs of indexes take next to nothing.
  expect(chunkDistinct(chunk(14 + 8 * 5000, 0.1), rows, leaf('INT64'))).toBe(5000);
  expect(chunkDistinct(chunk(14 + 4 * 5000, 0.1), rows, leaf('INT32'))).toBe(5000);
  expect(chunkDistinct(chunk(14 + 16 * 5000, 0.1), rows, leaf('FIXED_LEN_BYTE_ARRAY', 16))).toBe(5000);
  const bounds = statistics({ min: Buffer.from('aaaa'), max: Buffer.from('zzzzzzzz') });
  expect(chunkDistinct(chunk(14 + 10 * 5000, 0.1, { statistics: bounds }), rows, leaf('BYTE_ARRAY'))).toBe(
    5000,
  );
});

test.each([0, -7])('a count of %i is none where there are values', (distinct) => {
  const counted = (more: Partial<ThriftStatistics>): number | undefined =>
    chunkDistinct(chunk(2000, 10, { statistics: statistics({ distinct, ...more }) }), rows, leaf('INT64'));
  expect(counted({})).toBe(768);
  expect(counted({ nulls: undefined })).toBe(768);
  expect(
    chunkDistinct(chunk(undefined, 64, { statistics: statistics({ distinct }) }), rows, leaf('INT64')),
  ).toBe(undefined);
});

test('a column of nulls has no values, if that is what the writer counted', () => {
  const empty = statistics({ distinct: 0, nulls: rows });
  expect(chunkDistinct(chunk(2000, 10, { statistics: empty }), rows, leaf('INT64'))).toBe(0);
});

test('the width of indexes tells where the dictionary is compressed', () => {
  expect(chunkDistinct(chunk(2000, 10), rows, leaf('INT64'))).toBe(768);
});

test('the compression of the chunk stands for that of its dictionary', () => {
  const packed = chunk(14 + 4 * 5000, 0.1);
  const twice = { ...packed, uncompressedBytes: 2 * packed.compressedBytes };
  expect(chunkDistinct(twice, rows, leaf('INT64'))).toBe(5000);
});

test('never more than there are values, never none', () => {
  expect(chunkDistinct(chunk(1_000_000, 64), rows, leaf('INT64'))).toBe(rows);
  const nulls = statistics({ nulls: rows - 10 });
  expect(chunkDistinct(chunk(1_000_000, 64, { statistics: nulls }), rows, leaf('INT64'))).toBe(10);
  expect(chunkDistinct(chunk(14, 0), rows, leaf('INT64'))).toBe(1);
});

test('what the writer counted goes first; without it and without a dictionary nothing is known', () => {
  expect(
    chunkDistinct(chunk(40_000, 10, { statistics: statistics({ distinct: 7 }) }), rows, leaf('INT64')),
  ).toBe(7);
  expect(chunkDistinct(chunk(undefined, 64), rows, leaf('INT64'))).toBeUndefined();
  expect(chunkDistinct(chunk(40_000, 10), rows, leaf('BYTE_ARRAY'))).toBeUndefined();
  expect(chunkDistinct(chunk(40_000, 10), rows, undefined)).toBeUndefined();
});
