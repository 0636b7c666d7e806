import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describeConnector } from '@tributary/connector-testkit';
import { afterAll, it } from 'vitest';
import { createDeltaSource, delta } from '../src/index.js';
import { deltaFixtures, deltaGaps } from './support/delta-fixtures.js';
import { DeltaWriter } from './support/delta-writer.js';

const root = await mkdtemp(join(tmpdir(), 'delta-'));
const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
const writer = new DeltaWriter(duckdb, root);

afterAll(async () => {
  duckdb.closeSync();
  await rm(root, { recursive: true, force: true });
});

describeConnector({
  test: it,
  after: afterAll,
  connector: delta,
  create: (sourceId) => createDeltaSource(sourceId, { root }),
  fixtures: deltaFixtures(duckdb, writer),
  hooks: { dropColumn: (table, column) => writer.dropColumn(table, column) },
  knownGaps: [
    ...deltaGaps,
    ...(['wrongCredentials', 'interrupt', 'activeStatements', 'traffic'] as const).map((hook) => ({
      what: 'hook' as const,
      hook,
      notApplicable: true,
      reason: 'A folder has no server: DuckDB reads the files where they lie, in one call.',
    })),
  ],
  report: new URL('../conformance.json', import.meta.url),
});
