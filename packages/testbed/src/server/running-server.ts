import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, watchOver } from '@tributary/embedded-postgres';
import { endServerProcess, pidFile, type StopSignal } from './server-process.js';

export const serverHost = '127.0.0.1';

/** What makes one kind of server out of {@link launchServer}. */
export interface ServerKind<Server extends RunningServer> {
  /** Names the temp folder, e.g. `mysql`. */
  readonly name: string;
  readonly stopWith: StopSignal;
  /** Makes the files that stay over restarts. */
  prepare(directory: string, port: number): Promise<void>;
  launch(directory: string, port: number): Promise<ChildProcess>;
  handle(installation: Installation, child: ChildProcess): Server;
  /** Runs once, when the server takes connections for the first time. */
  populate(server: Server): Promise<void>;
}

/** Starts a server that ends, and takes its files with it, when it is disposed of or this process dies. */
export async function launchServer<Server extends RunningServer>(kind: ServerKind<Server>): Promise<Server> {
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
    const launch = (): Promise<ChildProcess> => kind.launch(directory, port);
    child = await launch();
    const server = kind.handle({ port, directory, stopWith: kind.stopWith, launch, dispose }, child);
    await kind.populate(server);
    return server;
  } catch (error) {
    if (child !== undefined) await endServerProcess(child, 'SIGKILL');
    await dispose();
    throw error;
  }
}

/** What stays over a server's restarts. */
export interface Installation {
  readonly port: number;
  readonly directory: string;
  readonly stopWith: StopSignal;
  launch(): Promise<ChildProcess>;
  dispose(): Promise<void>;
}

/** A real server on a free port of 127.0.0.1. Its files are in the temp folder and go when it is disposed of. */
export class RunningServer implements AsyncDisposable {
  readonly host = serverHost;
  readonly #installation: Installation;
  #child: ChildProcess | undefined;

  constructor(installation: Installation, child: ChildProcess) {
    this.#installation = installation;
    this.#child = child;
  }

  get port(): number {
    return this.#installation.port;
  }

  /** The server's pid, `undefined` while it is down. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts it again after {@link stop} or {@link kill}, on the same port with the same data. */
  async start(): Promise<void> {
    if (this.#child !== undefined) return;
    this.#child = await this.#installation.launch();
  }

  /** An orderly shutdown: clients are cut off, data stays. */
  stop(): Promise<void> {
    return this.#end(this.#installation.stopWith);
  }

  /** SIGKILL, as if the machine had died. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** All that the server has logged so far. */
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
