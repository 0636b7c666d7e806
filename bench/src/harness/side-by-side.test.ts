import { expect, test } from 'vitest';
import { type Contender, sideBySide } from './side-by-side.js';

function contender(name: string, times: readonly number[], calls: string[], answer?: string): Contender {
  const left = [...times];
  return {
    name,
    run: async () => {
      calls.push(name);
      return { ms: left.shift() ?? 0, ...(answer !== undefined && { answer }) };
    },
  };
}

test('contenders take turns, a different one first each round, and warm-up rounds do not count', async () => {
  const calls: string[] = [];
  const a = contender('a', [1000, 1, 3, 2], calls);
  const b = contender('b', [1000, 10, 30, 20], calls);
  const medians = await sideBySide([a, b], { warmUp: 1, measured: 3 });
  expect(calls.join('')).toBe('abbaabba');
  expect([...medians]).toEqual([
    ['a', 2],
    ['b', 20],
  ]);
});

test('different answers end the comparison', async () => {
  const rounds = { warmUp: 0, measured: 1 };
  const pair = [contender('a', [1], [], '3 rows'), contender('b', [1], [], '4 rows')];
  await expect(sideBySide(pair, rounds)).rejects.toThrow('a: 3 rows; b: 4 rows');
});
