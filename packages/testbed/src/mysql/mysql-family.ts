import type { ChildProcess } from 'node:child_process';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '@tributary/embedded-postgres';
import { createConnection } from 'mysql2/promise';
import { cachedOnce } from '../install/cache.js';
import { serverHost } from '../server/running-server.js';
import { endServerProcess, startServerProcess } from '../server/server-process.js';
import { launchTestServer, serverPassword, serverUser, type TestServer } from '../server/test-server.js';

export interface MysqlOptions {
  /** Created, and what the server's URL points to. Default `shop`. */
  readonly database?: string;
  /** Server variables that go over the fast ones of a test server, e.g. `{ general_log: 'ON' }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** What differs between MySQL and MariaDB. */
export interface MysqlProgram {
  readonly title: string;
  /** Names the temp folder. */
  readonly name: string;
  readonly version: string;
  readonly mysqld: string;
  readonly env: NodeJS.ProcessEnv;
  readonly settings: Readonly<Record<string, string>>;
  /** Makes the data directory of an empty server, whose root has no password. */
  initialise(data: string): Promise<void>;
}

const testSettings = {
  bind_address: serverHost,
  skip_name_resolve: 'ON',
  local_infile: 'ON',
  max_connections: '200',
  character_set_server: 'utf8mb4',
  innodb_buffer_pool_size: '256M',
  innodb_doublewrite: 'OFF',
  // The server never waits for the disk: its data need not survive the machine.
  innodb_flush_log_at_trx_commit: '2',
  innodb_flush_method: 'nosync',
} as const;

const createUser = `
CREATE USER '${serverUser}'@'%' IDENTIFIED BY '${serverPassword}';
GRANT ALL PRIVILEGES ON *.* TO '${serverUser}'@'%' WITH GRANT OPTION;
`;

export function startMysqlFamily(program: MysqlProgram, options: MysqlOptions): Promise<TestServer> {
  const { database = 'shop', settings = {} } = options;
  return launchTestServer({
    name: program.name,
    scheme: 'mysql',
    stopWith: 'SIGTERM',
    database,
    prepare: async (directory) => {
      await cp(await emptyServer(program), directory, { recursive: true });
    },
    launch: (directory, port) => launch(program, directory, port, settings),
    populate: createDatabase,
  });
}

/** As root the server wants to hear that this is meant. */
export function serverAccount(): readonly string[] {
  return process.getuid?.() === 0 ? ['--user=root'] : [];
}

/**
 * The files that every server starts from: initialising takes seconds, copying a tenth of one.
 *
 * It has been started once, since the first start is the slow one: it makes the keys of TLS and of the password exchange.
 */
function emptyServer(program: MysqlProgram): Promise<string> {
  return cachedOnce(`${program.name}-${program.version}-data-1`, async (directory) => {
    await program.initialise(join(directory, 'data'));
    await mkdir(join(directory, 'tmp'));
    const initFile = join(directory, 'init.sql');
    await writeFile(initFile, createUser);
    const child = await launch(program, directory, await freePort(), { init_file: initFile });
    await endServerProcess(child, 'SIGTERM');
    // Servers with one identity cannot replicate from each other: each makes its own where it has none.
    for (const file of ['init.sql', 'server.log', 'server.pid', join('data', 'auto.cnf')]) {
      await rm(join(directory, file), { force: true });
    }
  });
}

function launch(
  program: MysqlProgram,
  directory: string,
  port: number,
  settings: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  const variables = {
    ...testSettings,
    ...program.settings,
    ...settings,
    port: String(port),
    datadir: join(directory, 'data'),
    tmpdir: join(directory, 'tmp'),
    // Below the data directory, and relative: a Unix socket's whole path has room for 107 bytes only.
    socket: 'mysqld.sock',
    pid_file: 'mysqld.pid',
  };
  const flags = Object.entries(variables).map(([name, value]) => `--${name.replaceAll('_', '-')}=${value}`);
  return startServerProcess({
    title: program.title,
    directory,
    program: program.mysqld,
    parameters: ['--no-defaults', ...serverAccount(), ...flags],
    env: { ...program.env, PATH: process.env['PATH'], TZ: 'UTC' },
    isReady: (log) => log.includes('ready for connections'),
  });
}

async function createDatabase(server: TestServer): Promise<void> {
  const { host, port, user, password, database } = server;
  const connection = await createConnection({ host, port, user, password });
  try {
    await connection.query('CREATE DATABASE ??', [database]);
  } finally {
    await connection.end();
  }
}
