import { expect, test } from 'vitest';
import { secretsIn } from './option-secrets.js';

const secret = { description: '', secret: true };

test('secret options, also nested ones, where they are text', () => {
  const options = { url: 'u', password: 'p', ssl: { key: 'k', ca: 'c' }, port: 5, empty: '' };
  const fields = {
    password: secret,
    'ssl.key': secret,
    'ssl.ca': { description: '' },
    port: secret,
    empty: secret,
  };
  expect(secretsIn(options, fields)).toEqual(['p', 'k']);
});

test.each([undefined, null, 'text', 5])('%j has none', (options) => {
  expect(secretsIn(options, { password: secret })).toEqual([]);
});

test('without fields nothing is known to be secret', () => {
  expect(secretsIn({ password: 'p' })).toEqual([]);
});
