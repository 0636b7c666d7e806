import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkQuery } from './generated/check-query.js';
import { hardStatements } from './generated/hard-statements.js';
import { HostileWorld } from './generated/hostile-world.js';
import { checkGenerated, firstFailure } from './generated/run-generated.js';
import { sourceMutants, spoiledSource } from './generated/source-mutants.js';
import { comparedModes } from './support/answers.js';

const fixedSeed = 20_261_121;
const batches = 10;
const perBatch = 100;

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
      await checkGenerated(part, perBatch, (query) =>
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
    async ({ spoil }) => {
      await using engine = await world.engineOver((source) => spoiledSource(source, spoil));
      const failure = await firstFailure(fixedSeed, 1000, (query) =>
        checkQuery(engine, world.duckdb, query, ['auto']),
      );
      expect(failure).toBeDefined();
    },
    600_000,
  );
});
