import { expect, test } from 'vitest';
import { type SettingBound, withinBounds } from './setting-bounds.js';

const free = { value: '0', max: null, readonly: 0 };

test.each<readonly [string, Omit<SettingBound, 'name'>, unknown]>([
  ['nothing in the way', free, { max_execution_time: 100 }],
  ['not to be changed', { ...free, readonly: 1 }, {}],
  ['a limit of the profile that ends sooner', { ...free, value: '60' }, {}],
  ['one that ends later', { ...free, value: '600' }, { max_execution_time: 100 }],
  ['a bound', { ...free, max: '30' }, { max_execution_time: '30' }],
])('%s', (_, bound, expected) => {
  const wanted = { max_execution_time: 100 };
  expect(withinBounds(wanted, [{ name: 'max_execution_time', ...bound }])).toEqual(expected);
});

test('a setting that the server does not list is sent, so that it says so', () => {
  expect(withinBounds({ max_query_size: '1' }, [])).toEqual({ max_query_size: '1' });
});
