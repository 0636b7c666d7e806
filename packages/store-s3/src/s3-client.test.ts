import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { s3Client } from './s3-client.js';

const endpoint = 'http://127.0.0.1:1';
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 's3-'));
  await writeFile(join(folder, 'config'), '[profile north]\nregion = eu-north-1\n');
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'none'));
  vi.stubEnv('AWS_PROFILE', undefined);
  vi.stubEnv('AWS_REGION', undefined);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

test("a server of one's own is signed for in the region that is given, or else the environment's, or the profile's", async () => {
  const regionOf = (options: Parameters<typeof s3Client>[0]) =>
    s3Client({ endpoint, ...options }).config.region();
  expect(await regionOf({})).toBe('us-east-1');
  expect(await regionOf({ profile: 'north' })).toBe('eu-north-1');
  vi.stubEnv('AWS_REGION', 'eu-west-3');
  expect(await regionOf({})).toBe('eu-west-3');
  expect(await regionOf({ region: 'garage' })).toBe('garage');
});
