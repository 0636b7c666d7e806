import { afterAll, beforeAll } from 'vitest';
import { remoteShare } from './support/four-ways.js';
import { LakeWorld } from './support/lake-world.js';
import { describeTpch } from './support/tpch-suite.js';

let world: LakeWorld;
beforeAll(async () => {
  world = await LakeWorld.open();
});
afterAll(() => world[Symbol.asyncDispose]());

describeTpch({
  title: 'TPC-H over S3, GCS, Azure, Delta and PostgreSQL',
  goldens: 'lake',
  engine: () => world.engine,
  summary: (plan) => `Remote: ${remoteShare(plan)}`,
});
