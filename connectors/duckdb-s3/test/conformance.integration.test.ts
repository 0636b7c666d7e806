import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describeConnector, sqlFixtures } from '@tributary/connector-testkit';
import { typeName } from '@tributary/connector-sdk';
import { afterAll, it } from 'vitest';
import { createLakeSource, duckdbS3 } from '../src/index.js';

const root = await mkdtemp(join(tmpdir(), 'lake-'));
const duckdb = await (await DuckDBInstance.create(':memory:')).connect();

afterAll(async () => {
  duckdb.closeSync();
  await rm(root, { recursive: true, force: true });
});

function run(sql: string): Promise<unknown> {
  return duckdb.run(sql);
}

/** Written aside and moved in place, as a writer of lakes does. */
async function writeParquet(table: string): Promise<void> {
  const path = join(root, `${table}.parquet`);
  await run(`COPY "${table}" TO '${path}.new' (FORMAT parquet)`);
  await rename(`${path}.new`, path);
}

const tables = sqlFixtures({
  run,
  typeName,
  literal: (value, type) => `CAST('${value.replaceAll("'", "''")}' AS ${typeName(type)})`,
});

describeConnector({
  test: it,
  after: afterAll,
  connector: duckdbS3,
  create: (sourceId) => createLakeSource(sourceId, { root }),
  fixtures: {
    load: async (fixtures) => {
      await tables.load(fixtures);
      for (const { name } of fixtures) await writeParquet(name);
    },
  },
  hooks: {
    dropColumn: async (table, column) => {
      await run(`CREATE OR REPLACE TABLE "${table}" AS SELECT * EXCLUDE ("${column}") FROM "${table}"`);
      await writeParquet(table);
    },
  },
  knownGaps: [
    {
      what: 'type',
      types: ['hugeint'],
      reason: 'Parquet has no integers of 128 bits; DuckDB writes them as doubles.',
    },
    {
      what: 'type',
      types: ['enum'],
      readAs: { id: 'varchar' },
      reason: 'Parquet has no enums; their values are text.',
    },
    {
      what: 'values',
      types: ['interval'],
      holds: (value) => value !== '30 days' && value !== '720:00:00',
      reason: "DuckDB's Parquet writer takes intervals that compare equal for the same.",
    },
    ...(['wrongCredentials', 'interrupt', 'activeStatements', 'traffic'] as const).map((hook) => ({
      what: 'hook' as const,
      hook,
      notApplicable: true,
      reason: 'A folder has no server: DuckDB reads the files where they lie, in one call.',
    })),
  ],
  report: new URL('../conformance.json', import.meta.url),
});
