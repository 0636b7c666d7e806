import { expect, test } from 'vitest';
import { Permits } from './permits.js';

const { signal } = new AbortController();

test('who waits gets his turn in order, and who gives up takes none', async () => {
  const permits = new Permits(1);
  expect(permits.tryTake()).toBe(true);
  expect(permits.tryTake()).toBe(false);

  const order: string[] = [];
  const giver = new AbortController();
  const first = permits.take(signal).then(() => order.push('first'));
  const gone = permits.take(giver.signal);
  const last = permits.take(signal).then(() => order.push('last'));
  giver.abort();
  await expect(gone).rejects.toThrow('The query was cancelled.');

  permits.give();
  await first;
  permits.give();
  await last;
  expect(order).toEqual(['first', 'last']);
  permits.give();
  expect(permits.tryTake()).toBe(true);
});
