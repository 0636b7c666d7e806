import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { typeName } from '@tributary/connector-sdk';
import { describeConnector, sqlFixtures } from '@tributary/connector-testkit';
import { afterAll, it } from 'vitest';
import { createDeltaSource, delta } from '../src/index.js';
import { DeltaWriter } from './support/delta-writer.js';

const root = await mkdtemp(join(tmpdir(), 'delta-'));
const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
const writer = new DeltaWriter(duckdb, root);

afterAll(async () => {
  duckdb.closeSync();
  await rm(root, { recursive: true, force: true });
});

const tables = sqlFixtures({
  run: (sql) => duckdb.run(sql),
  typeName,
  literal: (value, type) => `CAST('${value.replaceAll("'", "''")}' AS ${typeName(type)})`,
});

describeConnector({
  test: it,
  after: afterAll,
  connector: delta,
  create: (sourceId) => createDeltaSource(sourceId, { root }),
  fixtures: {
    load: async (fixtures) => {
      await tables.load(fixtures);
      for (const { name, columns } of fixtures) await writer.write(name, columns);
    },
  },
  hooks: { dropColumn: (table, column) => writer.dropColumn(table, column) },
  knownGaps: [
    {
      what: 'type',
      types: ['hugeint', 'utinyint', 'usmallint', 'uinteger', 'ubigint', 'time', 'interval', 'timestamp_ns'],
      reason: 'Delta has no such types.',
    },
    {
      what: 'type',
      types: ['uuid', 'json', 'enum'],
      readAs: { id: 'varchar' },
      reason: 'Delta has no such types; their values are text.',
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
