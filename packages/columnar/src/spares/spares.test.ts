import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { giveBuffer, takeBuffer } from './buffers.js';
import { Spares } from './spares.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('the last that will do is used again, once', () => {
  const spares = new Spares<number>((size) => size, 100);
  for (const size of [10, 30, 20]) spares.give(size);
  expect(spares.take((size) => size > 15)).toBe(20);
  expect(spares.take((size) => size > 15)).toBe(30);
  expect(spares.take((size) => size > 15)).toBeUndefined();
  expect(spares.take()).toBe(10);
});

test('no more are kept than there is room for', () => {
  const spares = new Spares<number>((size) => size, 100);
  spares.give(60);
  spares.give(50);
  spares.give(40);
  expect([spares.take(), spares.take(), spares.take()]).toEqual([40, 60, undefined]);
  spares.give(100);
  expect(spares.take()).toBe(100);
});

test('what nobody takes for a while goes', () => {
  const spares = new Spares<number>((size) => size, 100);
  spares.give(60);
  vi.advanceTimersByTime(9_000);
  spares.give(40);
  vi.advanceTimersByTime(9_000);
  expect(spares.take()).toBe(40);
  vi.advanceTimersByTime(2_000);
  expect(spares.take()).toBeUndefined();
  spares.give(100);
  expect(spares.take()).toBe(100);
});

test('a buffer is used again where it is large enough, and not much too large', () => {
  const first = takeBuffer(1_000_000);
  expect(first.length).toBeGreaterThanOrEqual(1_000_000);
  expect(takeBuffer(1_000_000)).not.toBe(first);
  giveBuffer(first);
  expect(takeBuffer(900_000)).toBe(first);
  giveBuffer(first);
  expect(takeBuffer(3_000_000).length).toBeGreaterThanOrEqual(3_000_000);
  expect(takeBuffer(100_000)).toBe(first);
  giveBuffer(takeBuffer(20_000_000));
  expect(takeBuffer(100_000).length).toBeLessThan(1_000_000);
});
