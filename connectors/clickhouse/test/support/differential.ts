import {
  type IFederatedDataSource,
  type Rel,
  type RemoteQueryPlan,
  type RemoteTableSchema,
  type Scan,
  duckdbDialect,
  renderQuery,
} from '@tributary/connector-sdk';
import { type PlainDuckDB, type Row, arrowRows, openPlainDuckDB } from '@tributary/testbed';
import { TestQuery } from './query-context.js';

export const calm = { signal: new AbortController().signal };

let nextId = 1;

export function scanOf(schema: RemoteTableSchema, source = 'ch'): Scan {
  return {
    kind: 'scan',
    source,
    table: [schema.table.schema ?? '', schema.table.name],
    columns: schema.columns.map((column) => ({ id: (nextId += 1), ...column })),
  };
}

export async function describedScan(source: IFederatedDataSource, ...path: readonly string[]): Promise<Scan> {
  const schema = await source.describeTable(path, calm);
  if (schema === undefined) throw new Error(`no table ${path.join('.')}`);
  return scanOf(schema);
}

export function planOf(source: IFederatedDataSource, relation: Rel): RemoteQueryPlan {
  return source.planRemoteQuery({
    kind: 'relational',
    relation,
    keySets: [],
    estimate: { rows: 100, bytes: 100 },
  });
}

/** Holds what the source answers to a plan against what DuckDB answers to the same plan over a copy of the tables. */
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
    const scan = await describedScan(this.#source, name);
    await this.#withRelation(scan, async (sql) => {
      const columns = scan.columns.map((column) => `"${column.name.replaceAll('"', '""')}"`).join(', ');
      await this.#duckdb.run(`CREATE TABLE "${name}" AS SELECT * FROM (${sql}) AS t(${columns})`);
    });
    return scan;
  }

  async ours(relation: Rel): Promise<readonly Row[]> {
    return this.#withRelation(relation, async (sql) => (await this.#duckdb.query(sql)).rows);
  }

  /** The same over the other way out: record batches. */
  async streamed(relation: Rel): Promise<readonly Row[]> {
    await using query = await TestQuery.open();
    const plan = planOf(this.#source, relation);
    const result = await this.#source.executeRemoteQuery(plan, query.context({ prefer: 'batches' }));
    if (result.kind !== 'batches') throw new Error('not batches');
    const rows: Row[] = [];
    for await (const batch of result.batches) rows.push(...arrowRows([batch]));
    return rows;
  }

  async duckdb(relation: Rel): Promise<readonly Row[]> {
    const { sql } = renderQuery(relation, {
      dialect: duckdbDialect,
      tableName: (scan) => `"${scan.table.at(-1) ?? ''}"`,
    });
    return (await this.#duckdb.query(sql)).rows;
  }

  native(relation: Rel): string {
    return planOf(this.#source, relation).native;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#duckdb[Symbol.asyncDispose]();
  }

  async #withRelation<T>(relation: Rel, use: (sql: string) => Promise<T>): Promise<T> {
    await using query = await TestQuery.open();
    const result = await this.#source.executeRemoteQuery(planOf(this.#source, relation), query.context());
    if (result.kind !== 'relation') throw new Error('not a relation');
    return await use(result.sql);
  }
}
