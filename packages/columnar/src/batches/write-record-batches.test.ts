import { arrowRows, type Row } from '@tributary/testbed';
import {
  Binary,
  Bool,
  type DataType,
  DateDay,
  DateMillisecond,
  Decimal,
  Dictionary,
  Field,
  FixedSizeBinary,
  Float16,
  Float32,
  Float64,
  Int16,
  Int32,
  Int64,
  Int8,
  LargeUtf8,
  List,
  makeBuilder,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  TimeMillisecond,
  TimeNanosecond,
  TimestampMicrosecond,
  TimestampMillisecond,
  TimestampNanosecond,
  TimestampSecond,
  Type,
  Uint16,
  Uint32,
  Uint64,
  Uint8,
  Utf8,
  Vector,
} from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { throughSpool } from '../../test/decode.js';
import { columnsOfSchema, writeRecordBatches } from '../index.js';

function batchOf(field: Field, vector: Vector): RecordBatch {
  const schema = new Schema([field]);
  const [data] = vector.data;
  const type = new Struct(schema.fields);
  return new RecordBatch(
    schema,
    makeData({ type, length: vector.length, nullCount: 0, children: data ? [data] : [] }),
  );
}

function vectorOf(type: DataType, values: readonly unknown[]): Vector {
  const builder = makeBuilder({ type, nullValues: [null, undefined] });
  for (const value of values) builder.append(value);
  return builder.finish().toVector();
}

function spool(batches: readonly RecordBatch[], maxRows?: number): Promise<readonly Row[]> {
  const [first] = batches;
  const columns = columnsOfSchema(first?.schema ?? new Schema([]));
  return throughSpool(columns, (sink) => writeRecordBatches(batches, columns, sink), maxRows);
}

const words = (...values: number[]): Uint32Array => Uint32Array.from(values);
const micros = 1_700_000_000_123_456n;

const cases: readonly (readonly [string, DataType, readonly unknown[]])[] = [
  ['booleans', new Bool(), [true, null, false, true]],
  ['tinyint', new Int8(), [-128, null, 127]],
  ['smallint', new Int16(), [-32_768, null, 32_767]],
  ['integer', new Int32(), [-1, null, 5]],
  ['bigint', new Int64(), [-(2n ** 63n), null, 2n ** 63n - 1n]],
  ['utinyint', new Uint8(), [0, null, 255]],
  ['usmallint', new Uint16(), [0, null, 65_535]],
  ['uinteger', new Uint32(), [0, null, 2 ** 32 - 1]],
  ['ubigint', new Uint64(), [0n, null, 2n ** 64n - 1n]],
  ['float', new Float32(), [1.5, null, -0.25]],
  ['double', new Float64(), [0.1, null, Number.NaN]],
  [
    'narrow decimals',
    new Decimal(2, 9, 128),
    [words(150, 0, 0, 0), null, words(0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff)],
  ],
  [
    'decimals',
    new Decimal(2, 18, 128),
    [words(5, 7, 0, 0), null, words(0xffffff00, 0xffffffff, 0xffffffff, 0xffffffff)],
  ],
  ['wide decimals', new Decimal(10, 38, 128), [words(1, 2, 3, 4), null, words(0, 0, 0xffffff00, 0xffffffff)]],
  ['text', new Utf8(), ['', null, 'é', 'x'.repeat(1000)]],
  ['binaries', new Binary(), [Buffer.from([1, 0]), null, new Uint8Array()]],
  ['binaries of one size', new FixedSizeBinary(3), [Buffer.from([1, 0, 2]), null, Buffer.from([9, 9, 9])]],
  ['dates', new DateDay(), [new Date(0), null, new Date('1969-12-31')]],
  ['timestamps', new TimestampMicrosecond(), [micros, null, -1n]],
  ['timestamps with zone', new TimestampMicrosecond('Europe/Berlin'), [micros, null]],
  ['timestamps in seconds', new TimestampSecond(), [1_700_000_000n, null]],
  ['timestamps in milliseconds', new TimestampMillisecond(), [1_700_000_000_123n, null, -1n]],
  ['timestamps in nanoseconds', new TimestampNanosecond(), [micros * 1000n, null]],
  ['times in milliseconds', new TimeMillisecond(), [86_399_999, null]],
  ['times in nanoseconds', new TimeNanosecond(), [1_000n, null]],
  ['lists', new List(new Field('item', new Int32())), [[1, null, 3], null, [], [4]]],
  ['lists of text', new List(new Field('item', new Utf8())), [['a', ''], [null]]],
];

describe('writeRecordBatches', () => {
  it.each(cases)('writes %s as they are', async (_, type, values) => {
    const field = new Field('v', type, true);
    const batch = batchOf(field, raw(type, values));
    const expected = arrowRows([batch]);
    expect(expected).toHaveLength(values.length);
    expect(await spool([batch])).toEqual(expected);
    expect(await spool([batch.slice(1), batch, batch.slice(0, 1)])).toEqual([
      ...expected.slice(1),
      ...expected,
      ...expected.slice(0, 1),
    ]);
  });

  it('joins small batches and splits large ones into row groups', async () => {
    const field = new Field('v', new Int32(), true);
    const numbers = Array.from({ length: 1000 }, (_, row) => (row % 7 === 0 ? null : row));
    const batches = [0, 10, 300, 301, 990].map((from, index, all) =>
      batchOf(field, vectorOf(new Int32(), numbers.slice(from, all[index + 1]))),
    );
    expect(await spool(batches, 256)).toEqual(arrowRows(batches));
  });

  it('looks values up in dictionaries', async () => {
    const type = new Dictionary(new Utf8(), new Int32());
    const batch = batchOf(new Field('v', type, true), vectorOf(type, ['b', 'a', null, 'b', 'a']));
    expect(await spool([batch])).toEqual([["'b'"], ["'a'"], ['NULL'], ["'b'"], ["'a'"]]);
    expect(await spool([batch.slice(3)])).toEqual([["'b'"], ["'a'"]]);
  });

  it('looks values up in dictionaries of several parts, with NULL among the values', async () => {
    const dictionary = vectorOf(new Utf8(), ['a', null]).concat(vectorOf(new Utf8(), ['c']));
    const type = new Dictionary(new Utf8(), new Int8());
    const data = makeData({ type, length: 4, nullCount: 0, data: Int8Array.of(2, 1, 0, 2), dictionary });
    const batch = batchOf(new Field('v', type, true), new Vector([data]));
    expect(await spool([batch])).toEqual([["'c'"], ['NULL'], ["'a'"], ["'c'"]]);
  });

  it('writes dates of milliseconds, half floats and large strings', async () => {
    const dates = vectorOf(new DateMillisecond(), [new Date('2024-02-29'), null]);
    expect(await spool([batchOf(new Field('v', new DateMillisecond(), true), dates)])).toEqual([
      ['date 2024-02-29'],
      ['NULL'],
    ]);
    const halves = makeData({
      type: new Float16(),
      length: 5,
      nullCount: 0,
      data: Uint16Array.of(0x3c00, 0xc000, 0x7c00, 0x0001, 0x3555),
    });
    expect(await spool([batchOf(new Field('v', new Float16(), true), new Vector([halves]))])).toEqual([
      [1],
      [-2],
      [Infinity],
      [2 ** -24],
      [0.333251953125],
    ]);
    const large = vectorOf(new LargeUtf8(), ['a', null, 'bc']);
    expect(await spool([batchOf(new Field('v', new LargeUtf8(), true), large)])).toEqual([
      ["'a'"],
      ['NULL'],
      ["'bc'"],
    ]);
  });

  it('refuses what would lose digits, and types that it cannot write', async () => {
    const batch = batchOf(
      new Field('v', new TimestampNanosecond(), true),
      raw(new TimestampNanosecond(), [1n]),
    );
    await expect(spool([batch])).rejects.toMatchObject({ code: 'SOURCE.UNREPRESENTABLE_VALUE' });
    const struct = new Schema([new Field('s', new Struct([new Field('a', new Int32())]))]);
    expect(() => columnsOfSchema(struct)).toThrow('Column s');
  });
});

/** Arrow's builders take timestamps as milliseconds; here they are given in the type's own unit. */
function raw(type: DataType, values: readonly unknown[]): Vector {
  if (type.typeId !== Type.Timestamp) return vectorOf(type, values);
  const [numbers] = vectorOf(new Int64(), values).data;
  if (!numbers) throw new Error('no data');
  return new Vector([numbers.clone(type)]);
}
