import { typeName } from '@tributary/contract';
import { compareRows } from '@tributary/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hardStatements } from './generated/hard-statements.js';
import { HostileWorld } from './generated/hostile-world.js';
import type { GeneratedQuery } from './generated/queries.js';
import { checkGenerated } from './generated/run-generated.js';
import { answer, comparedModes } from './support/answers.js';

/** Enough to keep two cores busy while single queries wait for PostgreSQL. */
const concurrency = 6;

let world: HostileWorld;

beforeAll(async () => {
  world = await HostileWorld.open();
});
afterAll(() => world[Symbol.asyncDispose]());

/** Pushed, unpushed and plain DuckDB give the same columns and rows. */
async function check(query: GeneratedQuery): Promise<void> {
  const expected = await world.duckdb.query(query.plainSql);
  for (const pushdown of comparedModes) {
    const given = { pushdown, params: query.parameters };
    const actual = await answer(world.engine, query.sql, given).catch((cause: unknown) => {
      throw new Error(`${pushdown} fails: ${String(cause)}\n${query.sql}`, { cause });
    });
    const difference = compareRows(actual.rows, expected.rows, { ordered: query.ordered });
    if (difference !== undefined) throw new Error(`${pushdown} differs\n${query.sql}\n${difference}`);
    // DuckDB gives a NULL that it folds into an expression no type of its own.
    if (query.parameters.some(({ value }) => value === null)) continue;
    const columns = actual.columns.map(({ name, type }) => ({ name, type: typeName(type) }));
    expect(columns, `${pushdown}\n${query.sql}`).toEqual(expected.columns);
  }
}

const batches = 10;
const perBatch = 100;

describe.each([
  ['fixed', 20_261_121],
  ['fresh', Math.floor(Math.random() * 2 ** 31)],
])('1,000 statements from a %s seed, %i', (_, seed) => {
  it.each(Array.from({ length: batches }, (__, batch) => seed + batch))(
    `${perBatch} from %i answer as plain DuckDB does`,
    (part) => checkGenerated(part, perBatch, concurrency, check),
    180_000,
  );
});

it.each(hardStatements)('%s', async (sql) => {
  await check({ sql, plainSql: sql, parameters: [], ordered: false });
});
