import { expect, test } from 'vitest';
import { decimalType, simpleType } from '@tributary/connector-sdk';
import { chunkBounds } from './bounds.js';
import type { SchemaNode, ThriftStatistics } from './thrift-footer.js';

function leaf(type: SchemaNode['type'], more: Partial<SchemaNode> = {}): SchemaNode {
  return {
    name: 'c',
    type,
    typeLength: undefined,
    repetition: 'OPTIONAL',
    children: 0,
    converted: undefined,
    scale: 0,
    precision: 0,
    logical: undefined,
    ...more,
  };
}

function statistics(hex: string, deprecated = false): ThriftStatistics {
  const bytes = Buffer.from(hex, 'hex');
  return { nulls: 3, distinct: undefined, min: bytes, max: bytes, deprecated, uncut: false };
}

const bounds = (text: string): object => ({ min: text, max: text, nulls: 3 });
const values = (text: string): object => ({ ...bounds(text), exact: true });
const none = { nulls: 3 };

test('bounds in literal text', () => {
  expect(chunkBounds(statistics('ffffffff'), simpleType('integer'), leaf('INT32'))).toEqual(values('-1'));
  expect(chunkBounds(statistics('ffffffff'), simpleType('uinteger'), leaf('INT32'))).toEqual(
    values('4294967295'),
  );
  expect(chunkBounds(statistics('ffffffffffffffff'), decimalType(18, 3), leaf('INT64'))).toEqual(
    values('-0.001'),
  );
  expect(chunkBounds(statistics('ff38'), decimalType(4, 2), leaf('FIXED_LEN_BYTE_ARRAY'))).toEqual(
    bounds('-2.00'),
  );
  expect(chunkBounds(statistics('ffffffff'), simpleType('date'), leaf('INT32'))).toEqual(
    values('1969-12-31'),
  );
  const millis = leaf('INT64', { converted: 'TIMESTAMP_MILLIS' });
  expect(chunkBounds(statistics('ffffffffffffffff'), simpleType('timestamp'), millis)).toEqual(
    values('1969-12-31 23:59:59.999'),
  );
  expect(chunkBounds(statistics('c3a9'), simpleType('varchar'), leaf('BYTE_ARRAY'))).toEqual(bounds('é'));
  expect(
    chunkBounds({ ...statistics('c3a9'), uncut: true }, simpleType('varchar'), leaf('BYTE_ARRAY')),
  ).toEqual(values('é'));
});

test('no bounds where writers are known to lie', () => {
  const text = leaf('BYTE_ARRAY');
  // The deprecated fields order every type as signed bytes.
  expect(chunkBounds(statistics('61', true), simpleType('varchar'), text)).toEqual(none);
  expect(chunkBounds(statistics('00000001', true), simpleType('uinteger'), leaf('INT32'))).toEqual(none);
  expect(chunkBounds(statistics('0001', true), decimalType(4, 0), leaf('FIXED_LEN_BYTE_ARRAY'))).toEqual(
    none,
  );
  expect(chunkBounds(statistics('00000001', true), simpleType('integer'), leaf('INT32'))).toEqual(
    bounds('16777216'),
  );
  // Cut inside a character.
  expect(chunkBounds(statistics('c3'), simpleType('varchar'), text)).toEqual(none);
  expect(chunkBounds(statistics('00'.repeat(12)), simpleType('timestamp'), leaf('INT96'))).toEqual(none);
  // DuckDB orders NaN above every number, and Parquet leaves it out.
  expect(chunkBounds(statistics('0000803f'), simpleType('float'), leaf('FLOAT'))).toEqual({
    min: '1',
    nulls: 3,
  });
  expect(chunkBounds(statistics('0000c07f'), simpleType('float'), leaf('FLOAT'))).toEqual(none);
  // DuckDB cuts these to microseconds.
  const nanos = leaf('INT64', { logical: { kind: 'timestamp', utc: true, unit: 'ns' } });
  expect(chunkBounds(statistics('0100000000000000'), simpleType('timestamptz'), nanos)).toEqual(none);
  expect(chunkBounds(statistics('ffffffff'), simpleType('integer'), undefined)).toEqual({});
});

test('a count of NULLs that is none is not known', () => {
  const uncounted = { ...statistics('ffffffff'), nulls: -1 };
  expect(chunkBounds(uncounted, simpleType('integer'), leaf('INT32'))).toEqual({
    min: '-1',
    max: '-1',
    exact: true,
  });
});
