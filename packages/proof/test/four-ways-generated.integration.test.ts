import { checkGenerated, checkQuery, comparedModes } from '@tributary/connector-testkit/generate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FourWaysWorld, fourWayStatements } from './generated/four-ways-world.js';

const fixedSeed = 20_261_121;
const batches = 4;
const perBatch = 50;

let world: FourWaysWorld;

beforeAll(async () => {
  world = await FourWaysWorld.open();
});

afterAll(() => world[Symbol.asyncDispose]());

describe.each([
  ['fixed', fixedSeed],
  ['fresh', Math.floor(Math.random() * 2 ** 31)],
])('200 statements over PostgreSQL, MySQL, ClickHouse and Parquet from a %s seed, %i', (_, seed) => {
  it.each(Array.from({ length: batches }, (__, batch) => seed + batch))(
    `${perBatch} from %i answer as plain DuckDB does`,
    async (part) => {
      await checkGenerated({ world: fourWayStatements, seed: part, count: perBatch }, (query) =>
        checkQuery(world.engine, world.duckdb, query, comparedModes),
      );
    },
  );
});

it.each(['ma', 'ca'])('statements over %s alone run in its database', async (table) => {
  const { fragments, residual } = await world.engine.explain(
    `SELECT k, sum(n) FROM ${table} WHERE d > 0 GROUP BY k`,
  );
  expect(fragments).toHaveLength(1);
  expect(residual).toBeUndefined();
});
