import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClickhouseSource } from '@tributary/connector-clickhouse';
import { createLakeSource } from '@tributary/connector-duckdb-s3';
import { createMySqlSource } from '@tributary/connector-mysql';
import { createPostgresSource } from '@tributary/connector-postgres';
import { type Engine, createEngine } from '@tributary/core';
import { startPostgres, tpchParquet } from '@tributary/testbed';
import { DuckdbPeer } from '../peers/duckdb-peer.js';
import { LargeTables } from './large-tables.js';
import { loadSplits, lakeTables, mixedSchema } from './tpch-splits.js';

/** A busy machine is no reason for a benchmark to fail. */
const timeoutMs = 600_000;

export interface WorldOptions {
  /** TPC-H scale factor. */
  readonly scale: number;
  /** A PostgreSQL to use instead of one of our own; TPC-H is loaded where it is missing. */
  readonly server: string | undefined;
}

/** Where the tables are: all in PostgreSQL, or orders and lineitem in Parquet files and the rest in PostgreSQL. */
export type Split = 'postgres' | 'mixed';

/** A PostgreSQL and a Parquet lake with TPC-H, and those who read them. */
export class World implements AsyncDisposable {
  readonly scale: number;
  readonly url: string;
  /** Folder of the eight Parquet files. */
  readonly parquet: string;
  /** Goes at the end. */
  readonly directory: string;
  /** Orders and lineitem in other databases. */
  readonly tables: LargeTables;
  readonly #stop: () => Promise<void>;

  private constructor(
    fields: Pick<World, 'scale' | 'url' | 'parquet' | 'directory'>,
    stop: () => Promise<void>,
  ) {
    this.scale = fields.scale;
    this.url = fields.url;
    this.parquet = fields.parquet;
    this.directory = fields.directory;
    this.tables = new LargeTables(fields.scale);
    this.#stop = stop;
  }

  static async open({ scale, server }: WorldOptions): Promise<World> {
    const own = server === undefined ? await startPostgres({ database: 'tpch' }) : undefined;
    const url = own?.url ?? server ?? '';
    const directory = await mkdtemp(join(tmpdir(), 'tributary-bench-'));
    const stop = async (): Promise<void> => {
      await rm(directory, { recursive: true, force: true });
      await own?.[Symbol.asyncDispose]();
    };
    try {
      await loadSplits(url, scale);
      return new World({ scale, url, parquet: await tpchParquet(scale), directory }, stop);
    } catch (error) {
      await stop();
      throw error;
    }
  }

  /** An engine over `shop` (PostgreSQL), and `lake` where the split or `lake` has files for it. */
  engine(split: Split, lake?: string): Promise<Engine> {
    const schemas = [split === 'mixed' ? mixedSchema : 'public'];
    const tables = Object.fromEntries(lakeTables.map((table) => [table, { path: `${table}.parquet` }]));
    const files = lake !== undefined ? { root: lake } : { root: this.parquet, tables };
    return createEngine({
      sources: [
        createPostgresSource('shop', { url: this.url, schemas }),
        ...(split === 'mixed' || lake !== undefined ? [createLakeSource('lake', files)] : []),
      ],
      timeoutMs,
    });
  }

  /** DuckDB with its extension, where plain table names mean the split's tables. */
  async duckdb(split: Split): Promise<DuckdbPeer> {
    const peer = await DuckdbPeer.open(this.url);
    if (split === 'postgres') {
      await peer.run('USE remote.public');
      return peer;
    }
    for (const table of lakeTables) {
      await peer.run(`CREATE VIEW ${table} AS FROM read_parquet('${join(this.parquet, table)}.parquet')`);
    }
    await peer.run(`SET search_path = 'memory.main,remote.${mixedSchema}'`);
    return peer;
  }

  /** An engine over `shop`, which is orders and lineitem in MySQL or ClickHouse, and `lake` where there are files for it. */
  async engineOver(kind: 'mysql' | 'clickhouse', lake?: string): Promise<Engine> {
    const url = await this.tables.url(kind);
    return createEngine({
      sources: [
        kind === 'mysql' ? createMySqlSource('shop', { url }) : createClickhouseSource('shop', { url }),
        ...(lake === undefined ? [] : [createLakeSource('lake', { root: lake })]),
      ],
      timeoutMs,
    });
  }

  /** DuckDB with its mysql extension, where plain table names mean MySQL's. */
  async duckdbOverMysql(): Promise<DuckdbPeer> {
    const url = await this.tables.url('mysql');
    const peer = await DuckdbPeer.open(url);
    await peer.run(`USE remote.${new URL(url).pathname.slice(1)}`);
    return peer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.tables[Symbol.asyncDispose]();
    await this.#stop();
  }
}
