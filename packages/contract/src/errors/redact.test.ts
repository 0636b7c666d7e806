import { expect, test } from 'vitest';
import { redact } from './redact.js';

test.each([
  ['no secret here', [], 'no secret here'],
  ['password hunter2 refused', ['hunter2'], 'password *** refused'],
  ['postgres://ann:p%40ss@db/shop and p@ss', ['p@ss'], 'postgres://***@db/shop and ***'],
  ['https://token@api.example/x?a=b@c', [], 'https://***@api.example/x?a=b@c'],
  ['abcabcd', ['abc', 'abcd'], '******'],
  ['$& stays', ['$&'], '*** stays'],
  ['nothing', ['', undefined], 'nothing'],
])('%j without %j', (text, secrets, expected) => {
  expect(redact(text, secrets)).toBe(expected);
});
