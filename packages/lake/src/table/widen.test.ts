import { expect, test } from 'vitest';
import { typeName } from '@tributary/connector-sdk';
import { parseTypeName } from './type-name.js';
import { widen } from './widen.js';

function widened(a: string, b: string): string | undefined {
  const [left, right] = [parseTypeName(a), parseTypeName(b)];
  if (left === undefined || right === undefined) throw new RangeError(`${a}, ${b}`);
  const type = widen(left, right);
  return type && typeName(type);
}

test.each([
  ['TINYINT', 'BIGINT', 'BIGINT'],
  ['UTINYINT', 'USMALLINT', 'USMALLINT'],
  ['UTINYINT', 'TINYINT', 'SMALLINT'],
  ['UINTEGER', 'TINYINT', 'BIGINT'],
  ['UBIGINT', 'INTEGER', 'HUGEINT'],
  ['INTEGER', 'DECIMAL(4,2)', 'DECIMAL(12,2)'],
  ['DECIMAL(9,0)', 'DECIMAL(5,4)', 'DECIMAL(13,4)'],
  ['FLOAT', 'DOUBLE', 'DOUBLE'],
  ['INTEGER', 'DOUBLE', 'DOUBLE'],
  ['SMALLINT', 'FLOAT', 'FLOAT'],
  ['DATE', 'TIMESTAMP', 'TIMESTAMP'],
  ['VARCHAR[]', 'VARCHAR[]', 'VARCHAR[]'],
  ['INTEGER', 'FLOAT', undefined],
  ['BIGINT', 'DOUBLE', undefined],
  ['DECIMAL(38,0)', 'DECIMAL(3,2)', undefined],
  ['DECIMAL(4,2)', 'DOUBLE', undefined],
  ['TIMESTAMP', 'TIMESTAMPTZ', undefined],
  ['TIMESTAMP', 'TIMESTAMP_NS', undefined],
  ['INTEGER', 'VARCHAR', undefined],
  ['INTEGER[]', 'BIGINT[]', undefined],
])('%s and %s: %s', (a, b, expected) => {
  expect(widened(a, b)).toBe(expected);
  expect(widened(b, a)).toBe(expected);
});
