import { fileURLToPath } from 'node:url';
import { startPostgres } from '@tributary/embedded-postgres';
import { startAzurite } from '../azurite/start-azurite.js';
import { startClickhouse } from '../clickhouse/start-clickhouse.js';
import { startFakeGcs } from '../gcs/start-fake-gcs.js';
import { startMariadb } from '../mariadb/start-mariadb.js';
import { startMysql } from '../mysql/start-mysql.js';
import type { ObjectStore } from '../object-store.js';
import { startS3 } from '../s3/start-s3.js';
import { loadTpch } from '../tpch/load.js';
import type { SourceOptions } from './configuration-file.js';

/** A server as the command needs it. */
export interface StartedServer extends AsyncDisposable {
  readonly port: number;
  /** Of the source that reads what was loaded. */
  readonly options: SourceOptions;
  /** Fills it with TPC-H. */
  load(scale: number): Promise<void>;
}

export interface System {
  readonly title: string;
  /** What stands behind `connector:` in a configuration file. */
  readonly connector: string;
  start(): Promise<StartedServer>;
}

/** The database of a server, and the folder of a bucket. */
const folder = 'tpch';

/** What `testbed up` can start, by the name that is also the source's id. */
export const systems = {
  postgres: database('PostgreSQL', 'postgres', startPostgres),
  mysql: database('MySQL', connectorOfTree('mysql'), startMysql),
  mariadb: database('MariaDB', connectorOfTree('mysql'), startMariadb),
  clickhouse: database('ClickHouse', connectorOfTree('clickhouse'), startClickhouse),
  s3: store('S3 (versitygw)', 'duckdb-s3', startS3, ({ bucket, endpoint, accessKeyId, secretAccessKey }) => ({
    root: `s3://${bucket}/${folder}`,
    s3: { endpoint, accessKeyId, secretAccessKey },
  })),
  gcs: store('Cloud Storage (fake-gcs-server)', 'gcs', startFakeGcs, ({ bucket, endpoint }) => ({
    root: `gs://${bucket}/${folder}`,
    gcs: { endpoint },
  })),
  azure: store('Blob Storage (Azurite)', 'azure', startAzurite, ({ bucket, connectionString }) => ({
    root: `azure://${bucket}/${folder}`,
    azure: { connectionString },
  })),
} as const satisfies Readonly<Record<string, System>>;

export type SystemName = keyof typeof systems;

export function isSystemName(name: string): name is SystemName {
  return name in systems;
}

export const systemNames = Object.keys(systems).filter(isSystemName);

interface Server extends AsyncDisposable {
  readonly port: number;
}

function database(
  title: string,
  connector: string,
  start: (options: { readonly database: string }) => Promise<Server & { readonly url: string }>,
): System {
  return {
    title,
    connector,
    start: async () => {
      const server = await start({ database: folder });
      const { url } = server;
      return started(server, { url }, (scale) => loadTpch(url, { scale }));
    },
  };
}

function store<Store extends Server & ObjectStore>(
  title: string,
  connector: string,
  start: () => Promise<Store>,
  options: (server: Store) => SourceOptions,
): System {
  return {
    title,
    connector,
    start: async () => {
      const server = await start();
      return started(server, options(server), (scale) => loadTpch(server, { scale, schema: folder }));
    },
  };
}

function started(server: Server, options: SourceOptions, load: StartedServer['load']): StartedServer {
  return { port: server.port, options, load, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** The command line of the tree does not depend on every connector of the tree: those are named by their file. */
function connectorOfTree(name: string): string {
  return fileURLToPath(new URL(`../../../../connectors/${name}/dist/index.js`, import.meta.url));
}
