import { expect, test } from 'vitest';
import { PaceMeter } from './pace.js';

/** A meter, and requests of which the test says how long they take. */
function metered(): { readonly meter: PaceMeter; request(ms: number, bytes: number): Promise<void> } {
  let now = 0;
  const meter = new PaceMeter(() => now);
  const request = async (ms: number, bytes: number): Promise<void> => {
    await meter.measure(
      () => {
        now += ms;
        return Promise.resolve(bytes);
      },
      (answer) => answer,
    );
  };
  return { meter, request };
}

test('nothing is said before some requests were made', async () => {
  const { meter, request } = metered();
  await request(300, 10);
  await request(20, 10);
  expect(meter.pace()).toEqual({ latencyMs: undefined, bandwidthMbps: undefined });
});

test('the latency is that of small requests, without the one that made the connection', async () => {
  const { meter, request } = metered();
  for (const ms of [300, 20, 22]) await request(ms, 10);
  expect(meter.pace().latencyMs).toBe(22);
  for (let n = 0; n < 9; n += 1) await request(40, 10);
  expect(meter.pace().latencyMs).toBe(40);
});

test('the bandwidth is that of large requests, less the latency', async () => {
  const { meter, request } = metered();
  for (let n = 0; n < 3; n += 1) await request(20, 10);
  for (let n = 0; n < 3; n += 1) await request(120, 10_000_000);
  expect(meter.pace()).toEqual({ latencyMs: 20, bandwidthMbps: 800 });
});

test('requests beside each other share one line, and their waiting is no latency', async () => {
  let now = 0;
  const meter = new PaceMeter(() => now);
  for (let n = 0; n < 3; n += 1) {
    const gates = Array.from({ length: 4 }, () => Promise.withResolvers<number>());
    const all = gates.map(({ promise }) =>
      meter.measure(
        () => promise,
        (bytes) => bytes,
      ),
    );
    now += 100;
    for (const gate of gates) gate.resolve(2_500_000);
    await Promise.all(all);
    const small = gates.map(() => Promise.withResolvers<number>());
    const parallel = small.map(({ promise }) =>
      meter.measure(
        () => promise,
        () => 10,
      ),
    );
    now += 500;
    for (const gate of small) gate.resolve(10);
    await Promise.all(parallel);
  }
  expect(meter.pace()).toEqual({ latencyMs: undefined, bandwidthMbps: 800 });
});

test('a request that fails says nothing', async () => {
  const { meter, request } = metered();
  for (let n = 0; n < 3; n += 1) {
    const failed = meter.measure(
      () => Promise.reject(new Error('told to')),
      () => 0,
    );
    await expect(failed).rejects.toThrow('told to');
  }
  expect(meter.pace().latencyMs).toBeUndefined();
  for (let n = 0; n < 3; n += 1) await request(20, 10);
  expect(meter.pace().latencyMs).toBe(20);
});
