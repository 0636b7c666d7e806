import { expect, test } from 'vitest';
import { type DataType, simpleType } from '@tributary/connector-sdk';
import { renamedValue } from './nested-value.js';

const integer = simpleType('integer');
const bigint = simpleType('bigint');
const struct = (fields: Readonly<Record<string, DataType>>): DataType => ({
  id: 'struct',
  fields: Object.entries(fields).map(([name, type]) => ({ name, type })),
});

test('a struct is made anew, with its fields by their own names; one that the file lacks is NULL', () => {
  const own = struct({ c1: integer });
  const stored = struct({ c1: bigint, c2: integer });
  expect(renamedValue('v', own, own, stored, struct({ a: bigint, b: integer }))).toBe(
    `CASE WHEN v IS NOT NULL THEN struct_pack("a" := CAST(struct_extract(v, 'c1') AS BIGINT), "b" := NULL::INTEGER) END`,
  );
});

test('fields are found by their ids, whatever the file calls them', () => {
  const own = struct({ b: integer, a: integer });
  const keys = struct({ id7: integer, '': integer });
  expect(renamedValue('v', own, keys, struct({ id8: integer, id7: integer }), own)).toBe(
    `CASE WHEN v IS NOT NULL THEN struct_pack("b" := NULL::INTEGER, "a" := struct_extract(v, 'b')) END`,
  );
});

test('in lists of lists each level has a name of its own', () => {
  const listOf = (element: DataType): DataType => ({ id: 'list', element: { id: 'list', element } });
  const stored = listOf(struct({ c: integer }));
  expect(renamedValue('v', stored, stored, stored, listOf(struct({ a: integer })))).toBe(
    'list_transform(v, lambda x0: list_transform(x0, lambda x1: ' +
      `CASE WHEN x1 IS NOT NULL THEN struct_pack("a" := struct_extract(x1, 'c')) END))`,
  );
});

test('in values of maps', () => {
  const mapOf = (value: DataType): DataType => ({ id: 'map', key: integer, value });
  const stored = mapOf(struct({ c: integer }));
  const sql = renamedValue('v', stored, stored, stored, mapOf(struct({ a: integer })));
  expect(sql).toContain(`key := struct_extract(x0, 'key')`);
  expect(sql).toContain(`struct_pack("a" := struct_extract(struct_extract(x0, 'value'), 'c'))`);
});

test('what has no other names is cast, or left alone', () => {
  expect(renamedValue('v', integer, integer, bigint, bigint)).toBe('CAST(v AS BIGINT)');
  expect(renamedValue('v', bigint, bigint, bigint, bigint)).toBe('v');
});
