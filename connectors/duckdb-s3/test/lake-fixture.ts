import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import {
  type AggregateColumn,
  type CallContext,
  type ExecuteContext,
  type Expr,
  type IFederatedDataSource,
  type KeySetValues,
  type ParameterValue,
  type RelationResult,
  type RemoteQueryPlan,
  type ScanColumn,
  columnsOf,
} from '@tributary/connector-sdk';
import { type TableOptions, createObjectSource, localStore } from '@tributary/lake';
import { type LakeOptions, createLakeSource } from '../src/index.js';

export const call: CallContext = { signal: new AbortController().signal };

/** A fresh folder for files, a DuckDB that writes and reads them, and sources over the folder. */
export class LakeFixture implements AsyncDisposable {
  readonly root: string;
  readonly #connection: DuckDBConnection;

  private constructor(root: string, connection: DuckDBConnection) {
    this.root = root;
    this.#connection = connection;
  }

  static async create(): Promise<LakeFixture> {
    const root = await mkdtemp(join(tmpdir(), 'lake-'));
    // The cache would serve old bytes of a file that a test rewrites within its clock's tick.
    const instance = await DuckDBInstance.create(':memory:', { enable_external_file_cache: 'false' });
    return new LakeFixture(root, await instance.connect());
  }

  source(options: Partial<LakeOptions> = {}): IFederatedDataSource {
    return createLakeSource('lake', { root: this.root, ...options });
  }

  /** The same files as a store's, of which copies are made. */
  fetchedSource(
    options: { readonly tables?: Readonly<Record<string, TableOptions>> } = {},
  ): IFederatedDataSource {
    const store = localStore(this.root, 'lake');
    const cache = { directory: `${this.root}.cache` };
    return createObjectSource({
      sourceId: 'lake',
      connector: 'duckdb-s3',
      store,
      prefix: '',
      cache,
      ...options,
    });
  }

  path(...parts: string[]): string {
    return join(this.root, ...parts);
  }

  /** Rows as text, in order. */
  async rows(sql: string): Promise<readonly (readonly unknown[])[]> {
    const reader = await this.#connection.runAndReadAll(sql);
    return reader.getRowsJson();
  }

  async run(sql: string): Promise<void> {
    await this.#connection.run(sql);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#connection.closeSync();
    await rm(this.root, { recursive: true, force: true });
    await rm(`${this.root}.cache`, { recursive: true, force: true });
  }
}

/** One table of a source, asked as the engine asks. */
export class TableProbe {
  readonly columns: ReadonlyMap<string, ScanColumn>;
  readonly #source: IFederatedDataSource;
  readonly #path: readonly string[];

  private constructor(source: IFederatedDataSource, path: readonly string[], columns: readonly ScanColumn[]) {
    this.#source = source;
    this.#path = path;
    this.columns = new Map(columns.map((column) => [column.name, column]));
  }

  static async open(source: IFederatedDataSource, ...path: string[]): Promise<TableProbe> {
    const schema = await source.describeTable(path, call);
    if (schema === undefined) throw new Error(`no table ${path.join('.')}`);
    const columns = schema.columns.map((column, index) => ({ ...column, id: index + 1 }));
    return new TableProbe(source, path, columns);
  }

  column(name: string): ScanColumn {
    const column = this.columns.get(name);
    if (column === undefined) throw new Error(`no column ${name}`);
    return column;
  }

  plan(
    names: readonly string[],
    filters: readonly Expr[] = [],
    more: {
      readonly limit?: number;
      readonly offset?: number;
      readonly aggregates?: readonly AggregateColumn[];
    } = {},
  ): RemoteQueryPlan {
    const columns = names.map((name) => this.column(name));
    const read = new Set(filters.flatMap((filter) => [...columnsOf(filter)]));
    const filterColumns = [...this.columns.values()].filter(
      (column) => read.has(column.id) && !columns.some(({ id }) => id === column.id),
    );
    const estimate = { rows: 1, bytes: 1 };
    return this.#source.planRemoteQuery({
      kind: 'scan',
      table: this.#path,
      columns,
      filters,
      filterColumns,
      ...more,
      keySets: [],
      estimate,
    });
  }

  async execute(
    plan: RemoteQueryPlan,
    values: {
      readonly parameters?: ReadonlyMap<string, ParameterValue>;
      readonly keySets?: readonly KeySetValues[];
    } = {},
    source = this.#source,
  ): Promise<RelationResult> {
    const ctx: ExecuteContext = {
      ...call,
      query: {
        id: 'q',
        startedAt: performance.now(),
        signal: call.signal,
        fragmentsIn: () => 1,
        shared: (_key, make) => make(),
        onEnd: () => undefined,
      },
      timeoutMs: 30_000,
      parameters: values.parameters ?? new Map(),
      keySets: new Map((values.keySets ?? []).map((keySet) => [keySet.id, keySet])),
      prefer: 'relation',
      spool: {
        newFile: (extension) => join(tmpdir(), `spool-${randomUUID()}${extension}`),
        reserve: () => undefined,
        release: () => undefined,
      },
      onProgress: () => undefined,
    };
    const result = await source.executeRemoteQuery(plan, ctx);
    if (result.kind !== 'relation') throw new Error('expected a relation');
    return result;
  }
}
