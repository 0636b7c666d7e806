import { expect, test } from 'vitest';
import { azureFields, azureOptions } from './azure-options.js';

test.each([
  [{}, true],
  [{ account: 'a', accountKey: 'k' }, true],
  [{ account: 'a', endpoint: 'http://127.0.0.1:10000/a', anonymous: true }, true],
  [{ connectionString: 'c' }, true],
  [{ accountKey: 'k', sasToken: 's' }, false],
  [{ accountKey: 'k', anonymous: true }, false],
  [{ accountKey: 'k', anonymous: false }, true],
  [{ connectionString: 'c', account: 'a' }, false],
  [{ endpoint: 'https://a.example/?sig=x' }, false],
  [{ endpoint: 'file:///x' }, false],
])('%j', (options, isValid) => {
  expect(azureOptions.safeParse(options).success).toBe(isValid);
});

test('every option has a field', () => {
  expect(Object.keys(azureFields).toSorted()).toEqual(Object.keys(azureOptions.shape).toSorted());
});
