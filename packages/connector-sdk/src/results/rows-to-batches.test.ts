import type { DataType } from '@tributary/contract/plan';
import type { RecordBatch } from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import type { Row, Value } from './answer.js';
import { rowsToBatches } from './rows-to-batches.js';

const origin = { sourceId: 'api', object: 'items' };

async function batchesOf(type: DataType, values: readonly Value[]): Promise<readonly RecordBatch[]> {
  const rows = values.map((value): Row => [value]);
  return Array.fromAsync(rowsToBatches([rows], [{ name: 'v', type }], origin));
}

/** What Arrow reads back; text where a number would lose digits. */
async function roundTrip(type: DataType, values: readonly Value[]): Promise<readonly unknown[]> {
  const batches = await batchesOf(type, values);
  return batches.flatMap((batch) => {
    const column = batch.getChildAt(0);
    return Array.from({ length: batch.numRows }, (_, row): unknown => plainValue(column?.get(row)));
  });
}

function plainValue(value: unknown): unknown {
  if (value instanceof Uint32Array) return int128(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (value instanceof Int32Array) return [...value];
  return typeof value === 'object' && value !== null && Symbol.iterator in value
    ? Array.from(value as Iterable<unknown>, plainValue)
    : value;
}

function int128(words: Uint32Array): bigint {
  const unsigned = words.reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
  return BigInt.asIntN(128, unsigned);
}

const decimal = (precision: number, scale: number): DataType => ({ id: 'decimal', precision, scale });

describe('values round-trip', () => {
  const day = 86_400_000;
  const cases: readonly (readonly [DataType, readonly Value[], readonly unknown[]])[] = [
    [{ id: 'boolean' }, [true, null, 'false', false, 'true'], [true, null, false, false, true]],
    [{ id: 'tinyint' }, [-128, 127n, '7', undefined], [-128, 127, 7, null]],
    [{ id: 'usmallint' }, [0, 65_535], [0, 65_535]],
    [{ id: 'integer' }, [-2_147_483_648, 2_147_483_647], [-2_147_483_648, 2_147_483_647]],
    [
      { id: 'bigint' },
      ['-9223372036854775808', 5, 9_223_372_036_854_775_807n],
      [-(2n ** 63n), 5n, 2n ** 63n - 1n],
    ],
    [{ id: 'ubigint' }, [2n ** 64n - 1n], [2n ** 64n - 1n]],
    [{ id: 'hugeint' }, [-(10n ** 37n), '12'], [-(10n ** 37n), 12n]],
    [
      decimal(10, 2),
      ['-12.5', 3, '1e2', 0.1, '.5', '7.', null],
      [-1250n, 300n, 10_000n, 10n, 50n, 700n, null],
    ],
    [decimal(38, 0), ['9'.repeat(38), `-${'9'.repeat(38)}`], [10n ** 38n - 1n, 1n - 10n ** 38n]],
    [{ id: 'double' }, [0.1, 'NaN', '-inf', -0], [0.1, Number.NaN, Number.NEGATIVE_INFINITY, -0]],
    [{ id: 'float' }, [1.5, Number.POSITIVE_INFINITY], [1.5, Number.POSITIVE_INFINITY]],
    [{ id: 'varchar' }, ['', null, 'é\0😀'], ['', null, 'é\0😀']],
    [{ id: 'json' }, ['{"a":1}'], ['{"a":1}']],
    [{ id: 'blob' }, [Uint8Array.of(0, 255), new Uint8Array()], ['00ff', '']],
    [{ id: 'uuid' }, ['00112233-4455-6677-8899-AABBCCDDEEFF'], ['00112233445566778899aabbccddeeff']],
    [{ id: 'enum', values: ['a'] }, ['a', null], ['a', null]],
    [
      { id: 'date' },
      ['1970-01-02', new Date(day), '2000-02-29', '0001-01-01'],
      [day, day, 951_782_400_000, -62_135_596_800_000],
    ],
    [
      { id: 'time' },
      ['00:00:01.5', '24:00:00', '23:59:59.999999'],
      [1_500_000n, 86_400_000_000n, 86_399_999_999n],
    ],
    [
      { id: 'list', element: { id: 'integer' } },
      [[1, null, 3], [], null, [4]],
      [[1, null, 3], [], null, [4]],
    ],
    [{ id: 'list', element: { id: 'varchar' } }, [['a', ''], ['b']], [['a', ''], ['b']]],
  ];

  test.each(cases)('%o', async (type, given, expected) => {
    expect(await roundTrip(type, given)).toEqual(expected);
  });

  test('timestamps keep their microseconds and heed offsets', async () => {
    const micros = async (
      id: 'timestamp' | 'timestamptz',
      values: readonly Value[],
    ): Promise<readonly unknown[]> => {
      const [batch] = await batchesOf({ id }, values);
      return Array.from(batch?.data.children[0]?.values as BigInt64Array).slice(0, values.length);
    };
    expect(
      await micros('timestamp', [
        '1970-01-01 00:00:00.000001',
        '1970-01-01T00:00:01Z',
        '0044-03-15 (BC) 00:00:01',
        '1970-01-01',
        '-infinity',
        new Date(1),
      ]),
    ).toEqual([1n, 1_000_000n, -63_517_823_999_000_000n, 0n, 1n - 2n ** 63n, 1000n]);
    expect(
      await micros('timestamptz', [
        '1970-01-01 01:00:00+01',
        '1969-12-31T18:30:00-05:30',
        '1970-01-01 00:00:00',
        'infinity',
      ]),
    ).toEqual([0n, 0n, 0n, 2n ** 63n - 1n]);
  });

  test('intervals keep months, days and microseconds apart', async () => {
    const [batch] = await batchesOf({ id: 'interval' }, ['1 year 2 months -3 days 00:00:01.5']);
    const data = batch?.data.children[0]?.values as Int32Array;
    const view = new DataView(data.buffer, data.byteOffset);
    expect([view.getInt32(0, true), view.getInt32(4, true), view.getBigInt64(8, true)]).toEqual([
      14,
      -3,
      1_500_000_000n,
    ]);
  });
});

describe('what is no value of the type', () => {
  const cases: readonly (readonly [DataType, Value])[] = [
    [{ id: 'boolean' }, 1],
    [{ id: 'tinyint' }, 128],
    [{ id: 'tinyint' }, 1.5],
    [{ id: 'utinyint' }, -1],
    [{ id: 'bigint' }, 2 ** 53],
    [{ id: 'bigint' }, 2n ** 63n],
    [{ id: 'integer' }, '1e3'],
    [{ id: 'hugeint' }, 10n ** 38n],
    [decimal(4, 2), '100'],
    [decimal(4, 2), '1.005'],
    [decimal(4, 2), Number.NaN],
    [decimal(4, 2), ''],
    [{ id: 'double' }, 'x'],
    [{ id: 'double' }, ''],
    [{ id: 'float' }, ''],
    [{ id: 'float' }, 1e39],
    [{ id: 'varchar' }, 5],
    [{ id: 'varchar' }, '\uD83D'],
    [{ id: 'blob' }, 'text'],
    [{ id: 'uuid' }, '0011'],
    [{ id: 'date' }, '2023-02-29'],
    [{ id: 'date' }, '2023-13-01'],
    [{ id: 'date' }, new Date(1)],
    [{ id: 'time' }, '24:00:01'],
    [{ id: 'time' }, '23:59:60'],
    [{ id: 'timestamp' }, '2020-01-01T00:00:00+01:00'],
    [{ id: 'timestamp' }, '2020-01-01 00:00:00.0000001'],
    [{ id: 'timestamp' }, '2020-01-01 24:00:00'],
    [{ id: 'timestamp' }, new Date(Number.NaN)],
    [{ id: 'interval' }, '1 fortnight'],
    [{ id: 'interval' }, '999999999 years'],
    [{ id: 'list', element: { id: 'integer' } }, 'x'],
    [{ id: 'list', element: { id: 'integer' } }, [1, 'x']],
  ];

  test.each(cases)('%o %s', async (type, value) => {
    await expect(batchesOf(type, [null, value])).rejects.toMatchObject({
      code: 'SOURCE.UNREPRESENTABLE_VALUE',
      sourceId: 'api',
      object: 'items',
      message: expect.stringContaining('column v:'),
    });
  });

  test('the message shows the value', async () => {
    await expect(batchesOf({ id: 'tinyint' }, [300])).rejects.toThrow(
      'Source api, column v: 300 is not a value of TINYINT.',
    );
  });

  test('a row of another length is the connector’s defect', async () => {
    const batches = rowsToBatches([[[1, 2]]], [{ name: 'v', type: { id: 'integer' } }], origin);
    await expect(Array.fromAsync(batches)).rejects.toMatchObject({ code: 'SOURCE.CORRUPT_DATA' });
  });
});

describe('batches', () => {
  const columns = [{ name: 'n', type: { id: 'integer' } }] as const;

  test('the first comes with the first rows, later ones grow', async () => {
    const pages = Array.from({ length: 64 }, (): readonly Row[] => [[1]]);
    const sizes: number[] = [];
    for await (const batch of rowsToBatches(pages, columns, origin)) sizes.push(batch.numRows);
    expect(sizes).toEqual([1, 2, 4, 8, 16, 32, 1]);
  });

  test('each holds nothing of the one before it', async () => {
    const of = { name: 'l', type: { id: 'list', element: { id: 'varchar' } } } as const;
    const pages: readonly (readonly Row[])[] = [[[['a', null]]], [[['b']], [[]]]];
    const batches = await Array.fromAsync(rowsToBatches(pages, [of], origin));
    const lists = batches.map((batch) => Array.from(batch.getChildAt(0) ?? [], plainValue));
    expect(lists).toEqual([[['a', null]], [['b'], []]]);
    const nulls = await Array.fromAsync(rowsToBatches([[[null]], [[1], [2]]], columns, origin));
    expect(nulls.map((batch) => batch.getChildAt(0)?.nullCount)).toEqual([1, 0]);
  });

  test('one page never makes a batch beyond 65,536 rows', async () => {
    const page = Array.from({ length: 100_000 }, (_, i): Row => [i]);
    const sizes: number[] = [];
    let sum = 0;
    for await (const batch of rowsToBatches([page], columns, origin)) {
      sizes.push(batch.numRows);
      for (const value of batch.getChildAt(0) ?? []) sum += value;
    }
    expect(sizes).toEqual([65_536, 34_464]);
    expect(sum).toBe((100_000 * 99_999) / 2);
  });

  test('rows without columns are counted', async () => {
    const batches = await Array.fromAsync(rowsToBatches([[[], [], []]], [], origin));
    expect(batches.map(({ numRows }) => numRows)).toEqual([3]);
  });

  test('no page is taken before it is asked for', async () => {
    let taken = 0;
    async function* pages(): AsyncGenerator<readonly Row[]> {
      for (;;) {
        taken += 1;
        yield [[taken]];
      }
    }
    const batches = rowsToBatches(pages(), columns, origin);
    await batches.next();
    expect(taken).toBe(1);
    await batches.return();
  });
});
