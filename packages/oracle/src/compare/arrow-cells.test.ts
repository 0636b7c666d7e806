import {
  Bool,
  Decimal,
  Field,
  Float64,
  Int64,
  List,
  TimestampMicrosecond,
  Utf8,
  makeBuilder,
  RecordBatch,
  Schema,
  Struct,
  makeData,
  type Data,
  type DataType,
} from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { arrowRows } from './arrow-cells.js';

describe('arrowRows', () => {
  it('reads values, NULLs and slices', () => {
    const batch = batchOf({
      n: column(new Int64(), [1n, null, -3n]),
      f: column(new Float64(), [0.5, Number.NaN, null]),
      s: column(new Utf8(), ['a', '', null]),
      b: column(new Bool(), [true, false, null]),
    });
    expect(arrowRows([batch])).toEqual([
      ['1', 0.5, "'a'", 'true'],
      ['NULL', Number.NaN, "''", 'false'],
      ['-3', 'NULL', 'NULL', 'NULL'],
    ]);
    expect(arrowRows([batch.slice(1, 3)])).toEqual([
      ['NULL', Number.NaN, "''", 'false'],
      ['-3', 'NULL', 'NULL', 'NULL'],
    ]);
  });

  it('loses no microsecond and no digit', () => {
    const batch = batchOf({
      t: makeData({
        type: new TimestampMicrosecond('UTC'),
        data: BigInt64Array.of(9_007_199_254_740_993n),
        length: 1,
      }),
      d: makeData({
        type: new Decimal(2, 38, 128),
        data: Uint32Array.of(0xffff_ff85, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff),
        length: 1,
      }),
      l: column(new List(new Field('item', new Int64())), [[1n, 2n]]),
    });
    expect(arrowRows([batch])).toEqual([['timestamptz 2255-06-05 23:47:34.740993', '-1.23', '[1, 2]']]);
  });
});

function column(type: DataType, values: readonly unknown[]): Data {
  const builder = makeBuilder({ type, nullValues: [null] });
  for (const value of values) builder.append(value);
  return builder.finish().flush();
}

function batchOf(columns: Readonly<Record<string, Data>>): RecordBatch {
  const fields = Object.entries(columns).map(([name, data]) => new Field(name, data.type, true));
  const children = Object.values(columns);
  const length = children[0]?.length ?? 0;
  return new RecordBatch(
    new Schema(fields),
    makeData({ type: new Struct(fields), children, length, nullCount: 0 }),
  );
}
