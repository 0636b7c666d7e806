import { createLakeSource } from '@tributary/connector-duckdb-s3';
import { createPostgresSource } from '@tributary/connector-postgres';
import { type Engine, type EngineOptions, createEngine } from '@tributary/core';
import {
  type PostgresServer,
  type TpchTable,
  loadTpch,
  startPostgres,
  tpchParquet,
  tpchTableNames,
} from '@tributary/testbed';

/** Which tables PostgreSQL holds; Parquet files hold the others. */
export const splits = {
  postgres: tpchTableNames,
  'facts-in-lake': tpchTableNames.filter((table) => table !== 'orders' && table !== 'lineitem'),
  alternating: tpchTableNames.filter((_, index) => index % 2 === 0),
} as const satisfies Readonly<Record<string, readonly TpchTable[]>>;

export type Split = keyof typeof splits;

export const splitNames = Object.keys(splits).filter((name): name is Split => name in splits);

/** One PostgreSQL with a schema for each split, and an engine for each that sees a TPC-H table in one place only. */
export class TpchWorld implements AsyncDisposable {
  readonly #server: PostgresServer;
  readonly #engines: ReadonlyMap<Split, Engine>;

  private constructor(server: PostgresServer, engines: ReadonlyMap<Split, Engine>) {
    this.#server = server;
    this.#engines = engines;
  }

  static async open(): Promise<TpchWorld> {
    // ANALYZE then reads every row, so that plans do not hang on a sample.
    const server = await startPostgres({ settings: { default_statistics_target: '1000' } });
    const engines = new Map<Split, Engine>();
    for (const split of splitNames) {
      await loadTpch(server.url, { schema: split, tables: splits[split] });
      engines.set(split, await openSplit(split, server.url));
    }
    return new TpchWorld(server, engines);
  }

  engine(split: Split): Engine {
    const engine = this.#engines.get(split);
    if (engine === undefined) throw new RangeError(`no split ${split}`);
    return engine;
  }

  /** An engine of its own over a split. */
  open(split: Split, options: Partial<EngineOptions>): Promise<Engine> {
    return openSplit(split, this.#server.url, options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const engine of this.#engines.values()) await engine.close();
    await this.#server[Symbol.asyncDispose]();
  }
}

async function openSplit(split: Split, url: string, options: Partial<EngineOptions> = {}): Promise<Engine> {
  const inPostgres: readonly TpchTable[] = splits[split];
  const files = tpchTableNames.filter((table) => !inPostgres.includes(table));
  const root = await tpchParquet(0.01);
  const tables = Object.fromEntries(files.map((table) => [table, { path: `${table}.parquet` }]));
  return createEngine({
    sources: [
      createPostgresSource('shop', { url, schemas: [split] }),
      ...(files.length > 0 ? [createLakeSource('lake', { root, tables })] : []),
    ],
    ...options,
  });
}
