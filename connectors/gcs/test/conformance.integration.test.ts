import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IFederatedDataSource } from '@tributary/connector-sdk';
import { describeConnector } from '@tributary/connector-testkit';
import { openPlainDuckDB, startFakeGcs } from '@tributary/testbed';
import { afterAll, it } from 'vitest';
import { FaultyProxy } from '../../../packages/store-gcs/test/support/faulty-proxy.js';
import { parquetFixtures, parquetGaps } from '../../duckdb-s3/test/support/parquet-fixtures.js';
import { type GcsSourceOptions, createGcsSource, gcs } from '../src/index.js';

const server = await startFakeGcs();
const proxy = await FaultyProxy.before(server.endpoint);
const scratch = await mkdtemp(join(tmpdir(), 'lake-'));
const duckdb = await openPlainDuckDB();

afterAll(async () => {
  await duckdb[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await rm(scratch, { recursive: true, force: true });
});

function create(sourceId: string, key: GcsSourceOptions['gcs'] = {}): IFederatedDataSource {
  return createGcsSource(sourceId, {
    root: `gs://${server.bucket}/suite`,
    gcs: { endpoint: proxy.endpoint, ...key },
    // The suite counts what the server sends.
    cache: false,
  });
}

async function writeParquet(table: string): Promise<void> {
  const path = join(scratch, `${table}.parquet`);
  await duckdb.run(`COPY "${table}" TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`);
  await server.putObject(`suite/${table}.parquet`, await readFile(path));
}

describeConnector({
  test: it,
  after: afterAll,
  name: 'gcs',
  connector: gcs,
  create,
  fixtures: parquetFixtures((sql) => duckdb.run(sql), writeParquet),
  hooks: {
    // The server asks for no key; one that cannot sign fails before it is asked.
    wrongCredentials: (sourceId, password) =>
      create(sourceId, { credentials: { client_email: 'somebody', private_key: password } }),
    dropColumn: async (table, column) => {
      await duckdb.run(
        `CREATE OR REPLACE TABLE "${table}" AS SELECT * EXCLUDE ("${column}") FROM "${table}"`,
      );
      await writeParquet(table);
    },
    traffic: () => ({ bytes: proxy.bytes }),
  },
  knownGaps: [
    ...parquetGaps,
    {
      what: 'hook',
      hook: 'interrupt',
      notApplicable: true,
      reason: 'What a scan needs is on this machine before its first row comes.',
    },
    {
      what: 'hook',
      hook: 'activeStatements',
      notApplicable: true,
      reason: 'A store has no statements, only requests for bytes.',
    },
  ],
  report: new URL('../conformance.json', import.meta.url),
});
