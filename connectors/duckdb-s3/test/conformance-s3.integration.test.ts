import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IFederatedDataSource } from '@tributary/connector-sdk';
import { describeConnector } from '@tributary/connector-testkit';
import { openPlainDuckDB, startS3 } from '@tributary/testbed';
import { afterAll, it } from 'vitest';
import { createLakeSource, duckdbS3 } from '../src/index.js';
import { CountingProxy } from './support/counting-proxy.js';
import { parquetFixtures, parquetGaps } from './support/parquet-fixtures.js';

const server = await startS3();
const proxy = await CountingProxy.before(server.endpoint);
const scratch = await mkdtemp(join(tmpdir(), 'lake-'));
const duckdb = await openPlainDuckDB();

afterAll(async () => {
  await duckdb[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await rm(scratch, { recursive: true, force: true });
});

function create(
  sourceId: string,
  keys: { accessKeyId: string; secretAccessKey: string },
): IFederatedDataSource {
  return createLakeSource(sourceId, {
    root: 's3://lake/suite',
    s3: { endpoint: proxy.endpoint, ...keys },
    // The suite counts what the server sends.
    cache: false,
  });
}

async function writeParquet(table: string): Promise<void> {
  const path = join(scratch, `${table}.parquet`);
  await duckdb.run(`COPY "${table}" TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`);
  await server.putObject(`suite/${table}.parquet`, await readFile(path));
}

const { accessKeyId, secretAccessKey } = server;

describeConnector({
  test: it,
  after: afterAll,
  name: 'duckdb-s3 (S3)',
  connector: duckdbS3,
  create: (sourceId) => create(sourceId, { accessKeyId, secretAccessKey }),
  fixtures: parquetFixtures((sql) => duckdb.run(sql), writeParquet),
  hooks: {
    wrongCredentials: (sourceId, password) =>
      create(sourceId, { accessKeyId: 'somebody', secretAccessKey: password }),
    dropColumn: async (table, column) => {
      await duckdb.run(
        `CREATE OR REPLACE TABLE "${table}" AS SELECT * EXCLUDE ("${column}") FROM "${table}"`,
      );
      await writeParquet(table);
    },
    traffic: () => ({ bytes: proxy.bytes }),
  },
  secrets: [secretAccessKey],
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
  report: new URL('../conformance-s3.json', import.meta.url),
});
