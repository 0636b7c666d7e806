import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ConformanceOptions,
  type Hooks,
  type KnownGap,
  describeConnector,
} from '@tributary/connector-testkit';
import { type ObjectStore as FillableStore, openPlainDuckDB } from '@tributary/testbed';
import type { FaultyProxy } from '../proxy/faulty-proxy.js';
import { parquetFixtures, parquetGaps } from './parquet-fixtures.js';

/** What no connector over an object store has. */
export const storeGaps: readonly KnownGap[] = [
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
];

export interface StoreConnectorOptions extends Pick<
  ConformanceOptions,
  'test' | 'name' | 'connector' | 'create' | 'secrets' | 'report'
> {
  readonly after: NonNullable<ConformanceOptions['after']>;
  /** Filled with the suite's tables as Parquet files below `suite/`. */
  readonly server: FillableStore;
  /** That sources of `create` go through. */
  readonly proxy: FaultyProxy;
  readonly wrongCredentials: NonNullable<Hooks['wrongCredentials']>;
}

/** The conformance suite over Parquet files in a store. The sources have no cache: the suite counts what the server sends. */
export async function describeStoreConnector({
  server,
  proxy,
  wrongCredentials,
  ...options
}: StoreConnectorOptions): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'lake-'));
  const duckdb = await openPlainDuckDB();
  options.after(async () => {
    await duckdb[Symbol.asyncDispose]();
    await rm(scratch, { recursive: true, force: true });
  });

  async function writeParquet(table: string): Promise<void> {
    const path = join(scratch, `${table}.parquet`);
    await duckdb.run(`COPY "${table}" TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`);
    await server.putObject(`suite/${table}.parquet`, await readFile(path));
  }

  describeConnector({
    ...options,
    fixtures: parquetFixtures((sql) => duckdb.run(sql), writeParquet),
    hooks: {
      wrongCredentials,
      dropColumn: async (table, column) => {
        await duckdb.run(
          `CREATE OR REPLACE TABLE "${table}" AS SELECT * EXCLUDE ("${column}") FROM "${table}"`,
        );
        await writeParquet(table);
      },
      traffic: () => ({ bytes: proxy.bytes }),
    },
    knownGaps: [...parquetGaps, ...storeGaps],
  });
}
