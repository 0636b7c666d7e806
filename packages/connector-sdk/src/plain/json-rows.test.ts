import { expect, test } from 'vitest';
import { jsonRows } from './json-rows.js';

test('objects by the names of the columns, in their order', () => {
  const objects: readonly object[] = [
    { b: 'x', a: 1, extra: true, j: { k: [1] }, l: [1, null] },
    { a: null, j: 'text', l: null },
  ];
  expect(
    jsonRows(objects, [
      { name: 'a', type: { id: 'integer' } },
      { name: 'b', type: { id: 'varchar' } },
      { name: 'j', type: { id: 'json' } },
      { name: 'l', type: { id: 'list', element: { id: 'integer' } } },
      { name: 'toString', type: { id: 'varchar' } },
    ]),
  ).toEqual([
    [1, 'x', '{"k":[1]}', [1, null], null],
    [null, null, '"text"', null, null],
  ]);
});
