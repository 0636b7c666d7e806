import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAzureSource } from '@tributary/connector-azure';
import { delta } from '@tributary/connector-delta';
import { createLakeSource } from '@tributary/connector-duckdb-s3';
import { createGcsSource } from '@tributary/connector-gcs';
import { createPostgresSource } from '@tributary/connector-postgres';
import { type Engine, createEngine, createSourceFromConnector } from '@tributary/core';
import {
  type TpchTable,
  loadTpch,
  startAzurite,
  startFakeGcs,
  startPostgres,
  startS3,
  uploadFolder,
} from '@tributary/testbed';
import { LakeTables } from './lake-tables.js';

const inPostgres: readonly TpchTable[] = ['supplier', 'nation', 'region'];

/**
 * An engine that sees each TPC-H table in one place: `lineitem` in folders of an S3 bucket, `partsupp` as a Delta table in the same, `orders` in
 * files of a GCS bucket, `customer` and `part` in an Azure container, and what is left in PostgreSQL.
 */
export class LakeWorld implements AsyncDisposable {
  readonly engine: Engine;
  readonly #resources: AsyncDisposableStack;

  private constructor(engine: Engine, resources: AsyncDisposableStack) {
    this.engine = engine;
    this.#resources = resources;
  }

  static async open(): Promise<LakeWorld> {
    await using resources = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), 'tpch-lake-'));
    resources.defer(() => rm(folder, { recursive: true, force: true }));
    const tables = resources.use(await LakeTables.open(folder));
    await tables.hive('lineitem', 'l_returnflag');
    await tables.delta('partsupp');
    await tables.files('orders', 4);
    await tables.files('customer', 2);
    await tables.files('part', 1);

    const s3 = resources.use(await startS3());
    const gcs = resources.use(await startFakeGcs());
    const azurite = resources.use(await startAzurite());
    // Statistics of every row and page: plans must not hang on a random sample.
    const postgres = resources.use(await startPostgres({ settings: { default_statistics_target: '1000' } }));
    await uploadFolder(s3, join(folder, 'lineitem'), 'files/lineitem');
    await uploadFolder(s3, join(folder, 'partsupp'), 'delta/partsupp');
    await uploadFolder(gcs, join(folder, 'orders'), 'orders');
    for (const table of ['customer', 'part']) await uploadFolder(azurite, join(folder, table), table);
    await loadTpch(postgres.url, { tables: inPostgres });

    const { endpoint, accessKeyId, secretAccessKey } = s3;
    const s3Options = { endpoint, accessKeyId, secretAccessKey };
    // Plans must not hang on what this machine's stores take just now.
    const cost = { latencyMs: 1, bandwidthMbps: 8000, costMultiplier: 1 };
    const shared = { cost, cache: { directory: join(folder, 'cache') } };
    const engine = await createEngine({
      sources: [
        createLakeSource('s3', { root: `s3://${s3.bucket}/files`, s3: s3Options, ...shared }),
        await createSourceFromConnector(delta, 'delta', {
          root: `s3://${s3.bucket}/delta`,
          s3: s3Options,
          ...shared,
        }),
        createGcsSource('gcs', { root: `gs://${gcs.bucket}`, gcs: { endpoint: gcs.endpoint }, ...shared }),
        createAzureSource('azure', {
          root: `azure://${azurite.bucket}`,
          azure: { connectionString: azurite.connectionString },
          ...shared,
        }),
        createPostgresSource('postgres', { url: postgres.url }),
      ],
    });
    resources.defer(() => engine.close());
    return new LakeWorld(engine, resources.move());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#resources.disposeAsync();
  }
}
