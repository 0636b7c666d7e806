import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PostgresServer, startPostgres } from '@tributary/testbed';
import { Client } from 'pg';
import { fillLake } from '../src/demo/fill-lake.js';
import { fillShop } from '../src/demo/fill-shop.js';

/** A folder with a configuration over a real PostgreSQL and a real lake. */
export interface Workspace extends AsyncDisposable {
  readonly directory: string;
  readonly server: PostgresServer;
  readonly env: NodeJS.ProcessEnv;
  sql(statement: string): Promise<unknown[]>;
}

const config = `sources:
  shop: { connector: postgres, url: \${SHOP_PG_URL}, poolSize: \${POOL:-4} }
  lake: { connector: duckdb-s3, root: lake }
views:
  newsletter_clicks: select customer_id, event_time from lake.events where campaign = 'newsletter' and kind = 'click'
`;

export async function createWorkspace(): Promise<Workspace> {
  const directory = await mkdtemp(join(tmpdir(), 'tributary-cli-'));
  const server = await startPostgres();
  const { signal } = new AbortController();
  await fillShop(server.url, signal);
  await fillLake(join(directory, 'lake'), signal);
  await writeFile(join(directory, 'tributary.yaml'), config);
  const sql = async (statement: string): Promise<unknown[]> => {
    const client = new Client(server.url);
    await client.connect();
    try {
      return (await client.query(statement)).rows;
    } finally {
      await client.end();
    }
  };
  await sql('create view slow as select i, pg_sleep(0.2)::text as s from generate_series(1, 10000) i');
  return {
    directory,
    server,
    env: { SHOP_PG_URL: server.url, TRIBUTARY_HISTORY: join(directory, 'history') },
    sql,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
