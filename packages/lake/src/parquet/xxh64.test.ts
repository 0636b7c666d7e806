import { expect, test } from 'vitest';
import { xxh64 } from './xxh64.js';

/** From the reference implementation, `xxhsum -H64`. */
test.each([
  ['', 0xef46db3751d8e999n],
  ['a', 0xd24ec4f1a98c6e5bn],
  ['abc', 0x44bc2cf5ad770999n],
  ['Nobody inspects the spammish repetition', 0xfbcea83c8a378bf1n],
])('%s', (text, hash) => {
  expect(xxh64(Buffer.from(text))).toBe(hash);
});
