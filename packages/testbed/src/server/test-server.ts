import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, watchOver } from '@tributary/embedded-postgres';
import { endServerProcess, pidFile, type StopSignal } from './server-process.js';

/** A real server on a free port of 127.0.0.1. Its files are in the temp folder and go when it is disposed of. */
export interface TestServer extends AsyncDisposable {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** The server's pid, `undefined` while it is down. */
  readonly pid: number | undefined;
  /** An orderly shutdown: clients are cut off, data stays. */
  stop(): Promise<void>;
  /** SIGKILL, as if the machine had died. */
  kill(): Promise<void>;
  /** Starts it again after {@link stop} or {@link kill}, on the same port with the same data. */
  start(): Promise<void>;
  /** All that the server has logged so far. */
  readLog(): Promise<string>;
}

export const serverHost = '127.0.0.1';
export const serverUser = 'tributary';
export const serverPassword = 'tributary';

/** What makes one kind of server out of {@link launchTestServer}. */
export interface ServerKind {
  /** Names the temp folder, e.g. `mysql`. */
  readonly name: string;
  readonly stopWith: StopSignal;
  readonly scheme: string;
  readonly database: string;
  /** Makes the files that stay over restarts. */
  prepare(directory: string, port: number): Promise<void>;
  launch(directory: string, port: number): Promise<ChildProcess>;
  /** Runs once, when the server takes connections for the first time. */
  populate(server: TestServer): Promise<void>;
}

/** Starts a server that ends, and takes its files with it, when it is disposed of or this process dies. */
export async function launchTestServer(kind: ServerKind): Promise<TestServer> {
  const directory = await mkdtemp(join(tmpdir(), `tributary-${kind.name}-`));
  const endWatch = watchOver(directory, { pidFile, signal: 'KILL' });
  const dispose = async (): Promise<void> => {
    await rm(directory, { recursive: true, force: true });
    await endWatch();
  };
  let child: ChildProcess | undefined;
  try {
    const port = await freePort();
    await kind.prepare(directory, port);
    child = await kind.launch(directory, port);
    const server = new RunningServer({ kind, port, directory, dispose }, child);
    await kind.populate(server);
    return server;
  } catch (error) {
    if (child !== undefined) await endServerProcess(child, 'SIGKILL');
    await dispose();
    throw error;
  }
}

interface Installation {
  readonly kind: ServerKind;
  readonly port: number;
  readonly directory: string;
  dispose(): Promise<void>;
}

class RunningServer implements TestServer {
  readonly host = serverHost;
  readonly user = serverUser;
  readonly password = serverPassword;
  readonly #installation: Installation;
  #child: ChildProcess | undefined;

  constructor(installation: Installation, child: ChildProcess) {
    this.#installation = installation;
    this.#child = child;
  }

  get port(): number {
    return this.#installation.port;
  }

  get database(): string {
    return this.#installation.kind.database;
  }

  get url(): string {
    const { scheme } = this.#installation.kind;
    const credentials = `${this.user}:${this.password}`;
    return `${scheme}://${credentials}@${this.host}:${this.port}/${encodeURIComponent(this.database)}`;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async start(): Promise<void> {
    if (this.#child !== undefined) return;
    const { kind, directory, port } = this.#installation;
    this.#child = await kind.launch(directory, port);
  }

  stop(): Promise<void> {
    return this.#end(this.#installation.kind.stopWith);
  }

  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  readLog(): Promise<string> {
    return readFile(join(this.#installation.directory, 'server.log'), 'utf8');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Nobody will read its data again, so it need not be put in order first.
    await this.kill();
    await this.#installation.dispose();
  }

  async #end(signal: StopSignal): Promise<void> {
    if (this.#child === undefined) return;
    await endServerProcess(this.#child, signal);
    this.#child = undefined;
  }
}
