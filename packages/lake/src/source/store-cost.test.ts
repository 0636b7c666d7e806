import { expect, test } from 'vitest';
import type { StorePace } from '../store/pace.js';
import { storeCost } from './store-cost.js';

test.each([
  [undefined, 5],
  ['https://s3.eu-central-1.amazonaws.com', 5],
  ['https://172.40.0.1', 5],
  ['https://[2001:db8::1]:9000', 5],
  ['http://127.0.0.1:9000', 1],
  ['http://[::1]:9000', 1],
  ['http://[fd00::12]', 1],
  ['http://10.1.2.3', 1],
  ['http://172.31.0.1', 1],
  ['http://minio:9000', 1],
  ['http://store.cluster.local', 1],
])('%s costs %i', (endpoint, costMultiplier) => {
  expect(storeCost({}, endpoint)).toMatchObject({ costMultiplier });
});

test('what the user says holds', () => {
  const cost = { latencyMs: 7, costMultiplier: 2 };
  expect(storeCost({ cost }, 'http://localhost')).toEqual({ ...cost, bandwidthMbps: 8000 });
});

test('what is measured corrects what was assumed, and nothing that the user says', () => {
  let pace: StorePace = { latencyMs: undefined, bandwidthMbps: undefined };
  const assumed = storeCost({}, undefined, () => pace);
  const said = storeCost({ cost: { latencyMs: 7 } }, undefined, () => pace);
  expect({ ...assumed }).toEqual({ latencyMs: 50, bandwidthMbps: 800, costMultiplier: 5 });
  pace = { latencyMs: 25.5, bandwidthMbps: 400 };
  expect({ ...assumed }).toEqual({ latencyMs: 25.5, bandwidthMbps: 400, costMultiplier: 3 });
  expect({ ...said }).toEqual({ latencyMs: 7, bandwidthMbps: 400, costMultiplier: 3 });
});

test.each([
  [0.2, 1],
  [1, 1],
  [200, 5],
])('a latency of %d ms makes the price %d', (latencyMs, costMultiplier) => {
  const pace = { latencyMs, bandwidthMbps: undefined };
  expect(storeCost({}, undefined, () => pace)).toMatchObject({ costMultiplier });
});
