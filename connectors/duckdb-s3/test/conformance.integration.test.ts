import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describeConnector } from '@tributary/connector-testkit';
import { parquetFixtures, parquetGaps } from '@tributary/store-testkit';
import { afterAll, it } from 'vitest';
import { createLakeSource, duckdbS3 } from '../src/index.js';

const root = await mkdtemp(join(tmpdir(), 'lake-'));
const duckdb = await (await DuckDBInstance.create(':memory:')).connect();

afterAll(async () => {
  duckdb.closeSync();
  await rm(root, { recursive: true, force: true });
});

async function run(sql: string): Promise<void> {
  await duckdb.run(sql);
}

/** Written aside and moved in place, as a writer of lakes does. */
async function writeParquet(table: string): Promise<void> {
  const path = join(root, `${table}.parquet`);
  await run(`COPY "${table}" TO '${path}.new' (FORMAT parquet)`);
  await rename(`${path}.new`, path);
}

describeConnector({
  test: it,
  after: afterAll,
  connector: duckdbS3,
  create: (sourceId) => createLakeSource(sourceId, { root }),
  fixtures: parquetFixtures(run, writeParquet),
  hooks: {
    dropColumn: async (table, column) => {
      await run(`CREATE OR REPLACE TABLE "${table}" AS SELECT * EXCLUDE ("${column}") FROM "${table}"`);
      await writeParquet(table);
    },
  },
  knownGaps: [
    ...parquetGaps,
    ...(['wrongCredentials', 'interrupt', 'activeStatements', 'traffic'] as const).map((hook) => ({
      what: 'hook' as const,
      hook,
      notApplicable: true,
      reason: 'A folder has no server: DuckDB reads the files where they lie, in one call.',
    })),
  ],
  report: new URL('../conformance.json', import.meta.url),
});
