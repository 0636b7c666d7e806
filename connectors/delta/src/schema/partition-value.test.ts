import { expect, test } from 'vitest';
import { type SimpleTypeId, simpleType } from '@tributary/connector-sdk';
import { partitionLiteral } from './partition-value.js';

test.each<[string | null | undefined, SimpleTypeId, string | null]>([
  [null, 'varchar', null],
  [undefined, 'integer', null],
  ['', 'varchar', null],
  ['a b', 'varchar', 'a b'],
  ['-9007199254740993', 'bigint', '-9007199254740993'],
  ['TRUE', 'boolean', 'true'],
  ['2024-02-29', 'date', '2024-02-29'],
  ['2024-02-29 01:02:03.000004', 'timestamp', '2024-02-29 01:02:03.000004'],
  ['2024-02-29T01:02:03', 'timestamp', '2024-02-29 01:02:03'],
  ['2024-02-29 01:02:03', 'timestamptz', '2024-02-29 01:02:03+00'],
  ['2024-02-29T01:02:03.123456Z', 'timestamptz', '2024-02-29 01:02:03.123456+00'],
  ['2024-02-29T01:02:03.5+02:00', 'timestamptz', '2024-02-28 23:02:03.5+00'],
  ['2024-02-29', 'timestamptz', '2024-02-29 00:00:00+00'],
  ['2024-02-29 01:02', 'timestamptz', '2024-02-29 01:02:00+00'],
  ['2024-02-29 01:02:03.000004005-08', 'timestamptz', '2024-02-29 09:02:03.000004+00'],
  ['aü', 'blob', String.raw`\x61\xc3\xbc`],
])('%j as %s', (value, type, expected) => {
  expect(partitionLiteral(value, simpleType(type))).toBe(expected);
});
