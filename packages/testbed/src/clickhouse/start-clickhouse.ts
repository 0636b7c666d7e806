import type { ChildProcess } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileOfNpmPackage } from '../install/packages.js';
import { serverPrograms } from '../install/server-programs.js';
import { serverHost } from '../server/running-server.js';
import { startServerProcess } from '../server/server-process.js';
import { launchTestServer, serverPassword, serverUser, type TestServer } from '../server/test-server.js';
import { type ClickhouseUser, launcher, serverConfig, usersConfig } from './configuration.js';

export interface ClickhouseOptions {
  /** Created, and what the server's URL points to. Default `shop`. */
  readonly database?: string;
  /** Elements of the server's configuration, e.g. `{ max_concurrent_queries: '4' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Query settings of every session that sets none itself, e.g. `{ join_use_nulls: '1' }`. */
  readonly profile?: Readonly<Record<string, string>>;
  /** Further users by name. */
  readonly users?: Readonly<Record<string, ClickhouseUser>>;
}

const version = '26.7';
const title = `ClickHouse ${version}`;
/** The engine of npm's chdb 3.4.0, without the Node binding around it. */
const npmPackage = '@chdb/lib-linux-x64-gnu@26.7.3-stable.1';
const library = 'libchdb.so';
const sha256 = '36ad4e999882821ef13cf2d0f52c93f48e6ee1b4498b35a201c23ce4b8d15bf5';

/**
 * Starts a ClickHouse 26.7 of its own, empty but for {@link ClickhouseOptions.database}; its URL is of the HTTP interface.
 *
 * It is the engine of chdb listening, not clickhouse-server: everything of SQL and HTTP is there, users cannot be
 * created by SQL, and there is no HTTPS.
 *
 * @example
 * await using server = await startClickhouse();
 * const client = createClient({ url: server.url });
 */
export async function startClickhouse(options: ClickhouseOptions = {}): Promise<TestServer> {
  const { database = 'shop', settings = {}, profile = {}, users = {} } = options;
  const programs = await serverPrograms({
    title,
    name: `clickhouse-${npmPackage.slice(npmPackage.lastIndexOf('@') + 1)}`,
    mend: `It is ${npmPackage} of npm (550 MB): have npm and Python 3, and see that npm reaches a registry.`,
    install: (directory) => fileOfNpmPackage(npmPackage, library, sha256, directory),
  });
  return launchTestServer({
    name: 'clickhouse',
    scheme: 'http',
    // Asked politely it waits 5 s for idle keep-alive connections; what is written is whole at any moment.
    stopWith: 'SIGKILL',
    database,
    prepare: async (directory, port) => {
      await mkdir(join(directory, 'data'));
      const account = { user: serverUser, password: serverPassword, host: serverHost };
      await writeFile(join(directory, 'users.xml'), usersConfig(account, profile, users));
      await writeFile(
        join(directory, 'config.xml'),
        serverConfig({ directory, host: serverHost, port, settings }),
      );
    },
    launch: (directory, port) => launch(join(programs, library), directory, port),
    populate: createDatabase,
  });
}

function launch(enginePath: string, directory: string, port: number): Promise<ChildProcess> {
  return startServerProcess({
    title,
    directory,
    program: 'python3',
    parameters: ['-c', launcher, enginePath, `--config-file=${join(directory, 'config.xml')}`],
    env: { PATH: process.env['PATH'], HOME: directory, TZ: 'UTC' },
    isReady: () => answersPing(port),
  });
}

async function answersPing(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://${serverHost}:${port}/ping`)).ok;
  } catch {
    return false;
  }
}

async function createDatabase({ host, port, user, password, database }: TestServer): Promise<void> {
  const response = await fetch(`http://${host}:${port}/`, {
    method: 'POST',
    headers: { 'X-ClickHouse-User': user, 'X-ClickHouse-Key': password },
    body: `CREATE DATABASE \`${database.replaceAll('`', '``')}\``,
  });
  if (!response.ok) throw new Error(`${title} did not create ${database}: ${await response.text()}`);
}
