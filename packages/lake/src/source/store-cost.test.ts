import { expect, test } from 'vitest';
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
