import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { postgresBinaries } from './binaries.js';
import { endPostmaster, initCluster, startPostmaster } from './cluster.js';
import { freePort } from './free-port.js';
import { assertNamedUser, giveTo, serverIdentity, serverTempDirectory } from './identity.js';
import { childrenOf, killHard } from './processes.js';
import { watchOver } from './watchdog.js';

export interface PostgresOptions {
  /** Created if it is not `postgres`. Default `shop`. */
  readonly database?: string;
  /** Default collation: an ICU locale, or `C` for bytes. Default `en-US`, since a linguistic one is the harder case. */
  readonly locale?: string;
  /** Server settings that go over the fast ones of a test server, e.g. `{ log_statement: 'all' }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A real PostgreSQL on a free port of 127.0.0.1. Its files are in the temp folder and go when it is disposed of. */
export interface PostgresServer extends AsyncDisposable {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** The postmaster's pid, `undefined` while it is down. */
  readonly pid: number | undefined;
  /** Fast shutdown: clients are cut off, data stays. */
  stop(): Promise<void>;
  /** SIGKILL for the postmaster and every backend, as if the machine had died. */
  kill(): Promise<void>;
  /** Starts it again after {@link stop} or {@link kill}, on the same port with the same data. */
  start(): Promise<void>;
  /** All that the server has logged so far. */
  readLog(): Promise<string>;
}

const host = '127.0.0.1';
const user = 'postgres';
const password = 'tributary';

const testSettings = {
  listen_addresses: host,
  unix_socket_directories: '',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
  shared_buffers: '256MB',
  max_wal_size: '4GB',
  timezone: 'UTC',
  // POSIX shared memory is small in containers, and stays behind after a kill.
  dynamic_shared_memory_type: 'mmap',
} as const;

/**
 * Starts a PostgreSQL 18 of its own, empty but for {@link PostgresOptions.database}.
 *
 * @example
 * await using server = await startPostgres();
 * const client = new Client(server.url);
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const { database = 'shop', locale = 'en-US' } = options;
  const settings = { ...testSettings, ...options.settings };
  assertNamedUser();
  const directory = await mkdtemp(join(await serverTempDirectory(), 'tributary-postgres-'));
  const endWatch = watchOver(directory);
  const dispose = async (): Promise<void> => {
    await rm(directory, { recursive: true, force: true });
    await endWatch();
  };
  try {
    await giveTo(serverIdentity(), directory);
    const binaries = await postgresBinaries(directory);
    await initCluster({ directory, binaries, user, password, locale });
    const start = (port: number): Promise<ChildProcess> =>
      startPostmaster(directory, binaries, port, settings);
    const port = await freePort();
    const server = new RunningPostgres({ port, database, directory, start, dispose }, await start(port));
    await createDatabase(server);
    return server;
  } catch (error) {
    await dispose();
    throw error;
  }
}

interface Installation {
  readonly port: number;
  readonly database: string;
  readonly directory: string;
  start(port: number): Promise<ChildProcess>;
  dispose(): Promise<void>;
}

class RunningPostgres implements PostgresServer {
  readonly host = host;
  readonly user = user;
  readonly password = password;
  readonly #installation: Installation;
  #postmaster: ChildProcess | undefined;
  #wasKilled = false;

  constructor(installation: Installation, postmaster: ChildProcess) {
    this.#installation = installation;
    this.#postmaster = postmaster;
  }

  get port(): number {
    return this.#installation.port;
  }

  get database(): string {
    return this.#installation.database;
  }

  get url(): string {
    return databaseUrl(this.port, this.database);
  }

  get pid(): number | undefined {
    return this.#postmaster?.pid;
  }

  async start(): Promise<void> {
    if (this.#postmaster !== undefined) return;
    this.#postmaster = await this.#installation.start(this.port);
    this.#wasKilled = false;
  }

  async stop(): Promise<void> {
    if (this.#postmaster === undefined) return;
    await endPostmaster(this.#postmaster, 'SIGINT');
    this.#postmaster = undefined;
  }

  async kill(): Promise<void> {
    if (this.#postmaster === undefined) return;
    const backends = this.pid === undefined ? [] : await childrenOf(this.pid);
    await endPostmaster(this.#postmaster, 'SIGKILL');
    await Promise.all(backends.map(killHard));
    this.#postmaster = undefined;
    this.#wasKilled = true;
  }

  readLog(): Promise<string> {
    return readFile(join(this.#installation.directory, 'server.log'), 'utf8');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A killed server leaves a shared memory segment behind, which only its next start gives back.
    if (this.#wasKilled) await this.start();
    await this.stop();
    await this.#installation.dispose();
  }
}

async function createDatabase(server: PostgresServer): Promise<void> {
  if (server.database === 'postgres') return;
  const client = new Client(databaseUrl(server.port, 'postgres'));
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(server.database)}`);
  } finally {
    await client.end();
  }
}

function databaseUrl(port: number, database: string): string {
  return `postgres://${user}:${password}@${host}:${port}/${encodeURIComponent(database)}`;
}
