import type { ChildProcess } from 'node:child_process';
import { launchServer, RunningServer, type Installation, type ServerKind } from './running-server.js';

export const serverUser = 'tributary';
export const serverPassword = 'tributary';

/** What makes one kind of database server out of {@link launchTestServer}. */
export interface DatabaseKind extends Omit<ServerKind<TestServer>, 'handle'> {
  readonly scheme: string;
  readonly database: string;
}

export function launchTestServer(kind: DatabaseKind): Promise<TestServer> {
  return launchServer({
    ...kind,
    handle: (installation, child) => new TestServer(kind, installation, child),
  });
}

/** A database server with one user and one database. */
export class TestServer extends RunningServer {
  readonly user = serverUser;
  readonly password = serverPassword;
  readonly database: string;
  readonly #scheme: string;

  constructor(
    { scheme, database }: Pick<DatabaseKind, 'scheme' | 'database'>,
    installation: Installation,
    child: ChildProcess,
  ) {
    super(installation, child);
    this.database = database;
    this.#scheme = scheme;
  }

  get url(): string {
    const credentials = `${this.user}:${this.password}`;
    return `${this.#scheme}://${credentials}@${this.host}:${this.port}/${encodeURIComponent(this.database)}`;
  }
}
