import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { mapFiles } from './concurrency.js';

const { signal } = new AbortController();

test('the results are in order, with so many calls at a time', async () => {
  let now = 0;
  let most = 0;
  const doubled = await mapFiles(
    [5, 1, 4, 2, 3],
    signal,
    async (ms) => {
      most = Math.max(most, (now += 1));
      await sleep(ms);
      now -= 1;
      return ms * 2;
    },
    2,
  );
  expect(doubled).toEqual([10, 2, 8, 4, 6]);
  expect(most).toBe(2);
});

test('after a failure no further call is made', async () => {
  const called: number[] = [];
  const mapped = mapFiles(
    [0, 1, 2, 3, 4, 5],
    signal,
    async (item) => {
      called.push(item);
      await sleep(item === 0 ? 0 : 10);
      if (item === 0) throw new Error('no');
    },
    2,
  );
  await expect(mapped).rejects.toThrow('no');
  await sleep(50);
  expect(called).toEqual([0, 1]);
});
