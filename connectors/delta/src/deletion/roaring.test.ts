import { describe, expect, test } from 'vitest';
import { decodeBase85, uuidText } from './base85.js';
import { readDeletionVector } from './roaring.js';

/** The rows of the Delta protocol's inline example. (The text there is of a format from before the protocol's.) */
const inline = '^Bg9^0rr910000000000iXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L';

describe('base 85', () => {
  test('the example of ZeroMQ RFC 32', () => {
    expect(Buffer.from(decodeBase85('HelloWorld')).toString('hex')).toBe('864fd26fb559f75b');
  });

  test('the UUID of the Delta protocol’s first example', () => {
    expect(uuidText(decodeBase85('^-aqEH.-t@S}K{vb[*k^'))).toBe('d2c639aa-8816-431a-aaf6-d3fe2512ff61');
  });

  test.each(['abcd', 'abc d', '#####'])('%j is none', (text) => {
    expect(() => decodeBase85(text)).toThrow(RangeError);
  });
});

describe('deletion vectors', () => {
  test('the rows of the Delta protocol’s example', () => {
    expect(readDeletionVector(decodeBase85(inline).subarray(0, 44))).toEqual([3, 4, 7, 11, 18, 29]);
  });

  test('no bucket, no rows', () => {
    expect(readDeletionVector(vector([]))).toEqual([]);
  });

  test('an array, a bitmap and runs, beyond 32 bits', () => {
    const scattered = Array.from({ length: 5000 }, (_, n) => n * 13);
    const bits = Buffer.alloc(8192);
    for (const value of scattered) bits[value >>> 3] = (bits[value >>> 3] ?? 0) | (1 << (value & 7));
    const withoutRuns = Buffer.concat([
      u32(12_346),
      u32(2),
      u16(0),
      u16(1),
      u16(7),
      u16(4999),
      u32(0),
      u32(0),
      u16(5),
      u16(65_535),
      bits,
    ]);
    const withRuns = Buffer.concat([
      u32(12_347),
      Buffer.from([0b1]),
      u16(0),
      u16(5),
      u16(2),
      u16(10),
      u16(2),
      u16(65_533),
      u16(2),
    ]);
    const rows = readDeletionVector(
      vector([
        [0, withoutRuns],
        [3, withRuns],
      ]),
    );
    const high = 3 * 2 ** 32;
    expect(rows).toEqual([
      5,
      65_535,
      ...scattered.map((value) => 7 * 65_536 + value),
      ...[10, 11, 12, 65_533, 65_534, 65_535].map((value) => high + value),
    ]);
  });

  test('an array as large as arrays get', () => {
    const values = Array.from({ length: 4096 }, (_, n) => n * 2);
    const bitmap = Buffer.concat([u32(12_346), u32(1), u16(0), u16(4095), u32(0), ...values.map(u16)]);
    expect(readDeletionVector(vector([[0, bitmap]]))).toEqual(values);
  });

  test('four containers with runs have offsets, too', () => {
    const containers = [0, 1, 2, 3];
    const bitmap = Buffer.concat([
      u32(12_347 | (3 << 16)),
      Buffer.from([0b1000]),
      ...containers.flatMap((key) => [u16(key), u16(0)]),
      ...containers.map(() => u32(0)),
      u16(9),
      u16(9),
      u16(9),
      u16(1),
      u16(9),
      u16(0),
    ]);
    expect(readDeletionVector(vector([[0, bitmap]]))).toEqual(containers.map((key) => key * 65_536 + 9));
  });

  test.each([
    ['another magic number', Buffer.concat([u32(1), u64(0)]), 'magic'],
    ['half a bucket', vector([[0, u32(12_346)]]), 'cut short'],
    ['an unknown cookie', vector([[0, u32(1)]]), 'begins with 1'],
    [
      'buckets out of order',
      vector([
        [1, empty()],
        [0, empty()],
      ]),
      'out of order',
    ],
    [
      'a container that says another size',
      vector([[0, Buffer.concat([u32(12_347), Buffer.from([1]), u16(0), u16(5), u16(1), u16(0), u16(1)])]]),
      'another size',
    ],
  ])('%s', (_, bytes, why) => {
    expect(() => readDeletionVector(bytes)).toThrow(why);
  });
});

function vector(buckets: readonly (readonly [number, Buffer])[]): Buffer {
  return Buffer.concat([
    u32(1_681_511_377),
    u64(buckets.length),
    ...buckets.flatMap(([key, bitmap]) => [u32(key), bitmap]),
  ]);
}

function empty(): Buffer {
  return Buffer.concat([u32(12_346), u32(0)]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
