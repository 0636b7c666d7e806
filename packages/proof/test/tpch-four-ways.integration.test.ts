import { afterAll, beforeAll } from 'vitest';
import { FourWays, remoteShare } from './support/four-ways.js';
import { describeTpch } from './support/tpch-suite.js';

let world: FourWays;
beforeAll(async () => {
  world = await FourWays.open();
});
afterAll(() => world[Symbol.asyncDispose]());

describeTpch({
  title: 'TPC-H over PostgreSQL, MySQL, ClickHouse and Parquet',
  goldens: 'four-ways',
  engine: () => world.engine,
  summary: (plan) => `Remote: ${remoteShare(plan)}`,
});
