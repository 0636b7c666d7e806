import { simpleType } from '@tributary/contract/plan';
import { expect, test } from 'vitest';
import { existingKeys } from './existing-keys.js';

const request = {
  id: 'k',
  columns: [
    { id: 1, name: 'a', type: simpleType('varchar'), nullable: false },
    { id: 2, name: 'b', type: simpleType('integer'), nullable: false },
  ],
  estimatedKeys: 3,
};

test('keys without a value there are left out, and no relation is made for that', () => {
  let made = 0;
  const keys = {
    id: 'k',
    count: 3,
    columns: [
      ['a', '', 'c'],
      ['1', '2', '3'],
    ],
    get relation() {
      made += 1;
      return 'keys';
    },
  };
  const left = existingKeys(new Map([['k', keys]]), [request], (_, text) => text !== '').get('k');
  expect([left?.id, left?.count, left?.columns]).toEqual([
    'k',
    2,
    [
      ['a', 'c'],
      ['1', '3'],
    ],
  ]);
  expect(made).toBe(0);
  expect(left?.relation).toBe('keys');
});
