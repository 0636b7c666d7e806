import {
  checkGenerated,
  checkQuery,
  comparedModes,
  firstFailure,
  sourceMutants,
  spoiledSource,
} from '@tributary/connector-testkit/generate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hardStatements } from './generated/hard-statements.js';
import { HostileWorld, hostileStatements } from './generated/hostile-world.js';

const fixedSeed = 20_261_121;
const batches = 10;
const perBatch = 100;

/** Where a rare mistake is noticed first: all statements before it pass, which takes minutes. */
const noticedAt: ReadonlyMap<string, number> = new Map([
  ['takes UNION for UNION ALL', 540],
  ['counts NULLs', 530],
]);

let world: HostileWorld;

beforeAll(async () => {
  world = await HostileWorld.open();
});
afterAll(() => world[Symbol.asyncDispose]());

describe.each([
  ['fixed', fixedSeed],
  ['fresh', Math.floor(Math.random() * 2 ** 31)],
])('1,000 statements from a %s seed, %i', (_, seed) => {
  it.each(Array.from({ length: batches }, (__, batch) => seed + batch))(
    `${perBatch} from %i answer as plain DuckDB does`,
    async (part) => {
      await checkGenerated({ world: hostileStatements, seed: part, count: perBatch }, (query) =>
        checkQuery(world.engine, world.duckdb, query, comparedModes),
      );
    },
    600_000,
  );
});

describe('statements that were hard once', () => {
  it.each(hardStatements)('%s', async (sql) => {
    const query = { sql, plainSql: sql, parameters: [], ordered: false };
    await checkQuery(world.engine, world.duckdb, query, comparedModes);
  });
});

describe('generated statements notice a source that', () => {
  it.each(sourceMutants)(
    '$mistake',
    async ({ mistake, spoil }) => {
      await using engine = await world.engineOver((source) => spoiledSource(source, spoil));
      const failure = await firstFailure(
        { world: hostileStatements, seed: fixedSeed, count: 4000, startAt: noticedAt.get(mistake) ?? 0 },
        (query) => checkQuery(engine, world.duckdb, query, ['auto']),
      );
      expect(failure).toBeDefined();
    },
    600_000,
  );
});
