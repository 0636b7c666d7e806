import { expect, test } from 'vitest';
import { parseEnumElement, parseNativeType, parseTupleElement, splitTopLevel } from './native-type.js';

test.each([
  ['Int64', 'Int64', []],
  ['Decimal(9, 2)', 'Decimal', ['9', '2']],
  ["DateTime64(6, 'Asia/Tokyo')", 'DateTime64', ['6', "'Asia/Tokyo'"]],
  ['Map(String, Array(Nullable(Int8)))', 'Map', ['String', 'Array(Nullable(Int8))']],
  ["Enum8('a,b' = 1, ')' = 2, 'it\\'s' = -3)", 'Enum8', ["'a,b' = 1", "')' = 2", "'it\\'s' = -3"]],
  ['Tuple()', 'Tuple', []],
])('%s', (text, name, args) => {
  expect(parseNativeType(text)).toEqual({ name, args });
});

test('elements of tuples and enums', () => {
  expect(parseTupleElement('a Int64')).toEqual({ name: 'a', type: 'Int64' });
  expect(parseTupleElement('`a \\` b` Array(Int64)')).toEqual({ name: 'a ` b', type: 'Array(Int64)' });
  expect(parseTupleElement("Enum8('a b' = 1)")).toEqual({ name: undefined, type: "Enum8('a b' = 1)" });
  expect(parseEnumElement("'a = \\'1\\'\\n' = -7")).toEqual({ label: "a = '1'\n", value: -7 });
});

test('a sorting key, apart at its top level', () => {
  expect(splitTopLevel('tenant, toDate(at, 0), `odd, name`')).toEqual([
    'tenant',
    'toDate(at, 0)',
    '`odd, name`',
  ]);
  expect(splitTopLevel('')).toEqual([]);
});
