import type { Rel, Scan } from '@tributary/contract/plan';
import { duckdbDialect, renderQuery } from '@tributary/contract/render';
import type { ExecuteContext, IFederatedDataSource, RemoteTableSchema } from '@tributary/contract/source';
import { type PlainDuckDB, type Row, openPlainDuckDB } from '@tributary/testbed';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A query's context as the engine would give it, with a spool of its own. */
export class TestQuery implements AsyncDisposable {
  readonly controller = new AbortController();
  readonly directory: string;
  readonly #cleanups: (() => Promise<void>)[] = [];
  readonly #shared = new Map<object, unknown>();
  readonly fragments: number;
  #files = 0;
  /** Bytes of the spool that are reserved and not given back. */
  spooled = 0;

  private constructor(directory: string, fragments: number) {
    this.directory = directory;
    this.fragments = fragments;
  }

  static async open(fragments = 1): Promise<TestQuery> {
    return new TestQuery(await mkdtemp(join(tmpdir(), 'tributary-differential-')), fragments);
  }

  context(overrides: Partial<ExecuteContext> = {}): ExecuteContext {
    return {
      signal: this.controller.signal,
      timeoutMs: 30_000,
      parameters: new Map(),
      keySets: new Map(),
      prefer: 'relation',
      onProgress: () => undefined,
      spool: {
        newFile: (extension) => join(this.directory, `${(this.#files += 1)}${extension}`),
        reserve: (bytes) => void (this.spooled += bytes),
        release: (bytes) => void (this.spooled -= bytes),
      },
      query: {
        id: 'test',
        signal: this.controller.signal,
        fragmentsIn: () => this.fragments,
        shared: (key, make) => {
          if (!this.#shared.has(key)) this.#shared.set(key, make());
          return this.#shared.get(key) as ReturnType<typeof make>;
        },
        onEnd: (cleanup) => void this.#cleanups.push(cleanup),
      },
      ...overrides,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const cleanup of this.#cleanups.splice(0).toReversed()) await cleanup();
    await rm(this.directory, { recursive: true, force: true });
  }
}

let nextId = 1;

export function scanOf(schema: RemoteTableSchema, source = 'pg'): Scan {
  return {
    kind: 'scan',
    source,
    table: [schema.table.schema ?? '', schema.table.name],
    columns: schema.columns.map((column) => ({ id: (nextId += 1), ...column })),
  };
}

/** Holds what a source answers to a plan against what DuckDB answers to the same plan over a copy of the tables. */
export class Differential implements AsyncDisposable {
  readonly #source: IFederatedDataSource;
  readonly #duckdb: PlainDuckDB;

  private constructor(source: IFederatedDataSource, duckdb: PlainDuckDB) {
    this.#source = source;
    this.#duckdb = duckdb;
  }

  static async open(source: IFederatedDataSource): Promise<Differential> {
    return new Differential(source, await openPlainDuckDB());
  }

  /** Describes a table and copies it into DuckDB, through the source itself. */
  async copy(name: string): Promise<Scan> {
    const schema = await this.#source.describeTable([name], { signal: new AbortController().signal });
    if (schema === undefined) throw new Error(`no table ${name}`);
    const scan = scanOf(schema);
    await this.#withRelation(scan, async (sql) => {
      const columns = schema.columns.map((column) => `"${column.name.replaceAll('"', '""')}"`).join(', ');
      await this.#duckdb.run(`CREATE TABLE "${name}" AS SELECT * FROM (${sql}) AS t(${columns})`);
    });
    return scan;
  }

  async atSource(relation: Rel): Promise<readonly Row[]> {
    return this.#withRelation(relation, async (sql) => (await this.#duckdb.query(sql)).rows);
  }

  async duckdb(relation: Rel): Promise<readonly Row[]> {
    const { sql } = renderQuery(relation, {
      dialect: duckdbDialect,
      tableName: (scan) => `"${scan.table.at(-1) ?? ''}"`,
    });
    return (await this.#duckdb.query(sql)).rows;
  }

  native(relation: Rel): string {
    return this.#plan(relation).native;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#duckdb[Symbol.asyncDispose]();
  }

  #plan(relation: Rel): ReturnType<IFederatedDataSource['planRemoteQuery']> {
    return this.#source.planRemoteQuery({
      kind: 'relational',
      relation,
      keySets: [],
      estimate: { rows: 100, bytes: 100 },
    });
  }

  /** Both ways out must have the same rows. */
  async #withRelation<T>(relation: Rel, use: (sql: string) => Promise<T>): Promise<T> {
    await using query = await TestQuery.open();
    const plan = this.#plan(relation);
    const described = await this.#source.executeRemoteQuery(plan, query.context({ prefer: 'batches' }));
    let rows = 0;
    if (described.kind === 'batches') for await (const batch of described.batches) rows += batch.numRows;
    const result = await this.#source.executeRemoteQuery(plan, query.context());
    if (result.kind !== 'relation') throw new Error('not a relation');
    if (result.rows !== rows) throw new Error(`${rows} rows in batches, ${result.rows} in the spool`);
    return await use(result.sql);
  }
}
