import { type TestServer, loadTpch, startClickhouse, startMysql } from '@tributary/testbed';
import { lakeTables } from './tpch-splits.js';

/** TPC-H's orders and lineitem in databases that few benchmarks read: each starts and is filled when it is first asked for. */
export class LargeTables implements AsyncDisposable {
  readonly #scale: number;
  readonly #servers = new Map<'mysql' | 'clickhouse', Promise<TestServer>>();

  constructor(scale: number) {
    this.#scale = scale;
  }

  /** The URL of the server. */
  async url(kind: 'mysql' | 'clickhouse'): Promise<string> {
    const server = this.#servers.get(kind) ?? this.#open(kind);
    this.#servers.set(kind, server);
    return (await server).url;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of await Promise.allSettled(this.#servers.values())) {
      if (server.status === 'fulfilled') await server.value[Symbol.asyncDispose]();
    }
  }

  async #open(kind: 'mysql' | 'clickhouse'): Promise<TestServer> {
    const server = await start(kind);
    try {
      await loadTpch(server.url, { scale: this.#scale, tables: lakeTables });
      return server;
    } catch (error) {
      await server[Symbol.asyncDispose]();
      throw error;
    }
  }
}

function start(kind: 'mysql' | 'clickhouse'): Promise<TestServer> {
  const database = 'tpch';
  switch (kind) {
    case 'mysql':
      // Room for both tables at scale 1, so that it is not the disk that is measured.
      return startMysql({
        database,
        settings: { innodb_buffer_pool_size: '2G', innodb_redo_log_capacity: '1G' },
      });
    case 'clickhouse':
      return startClickhouse({ database });
  }
}
