import { type Rel, type Scan, duckdbDialect, renderQuery } from '@tributary/contract';
import { type PlainDuckDB, openPlainDuckDB, tpchParquet, tpchTableNames } from '@tributary/testbed';
import { Binder } from '../../src/bind/binder.js';
import { SchemaCache } from '../../src/bind/schema-cache.js';
import { type OptimizeContext, optimize } from '../../src/optimize/index.js';
import { InMemoryFederatedDataSourceRegistry } from '../../src/registry/index.js';
import { type Placement, type TpchCatalogue, tpchCatalogue } from './tpch-catalogue.js';

const never = new AbortController().signal;

export interface OptimizedStatement {
  readonly bound: Rel;
  readonly optimized: Rel;
  readonly context: OptimizeContext;
}

/** Binds and optimises statements over TPC-H tables laid out over sources, and runs any plan in plain DuckDB. */
export class PlanningBench implements AsyncDisposable {
  readonly #binder: Binder;
  readonly #catalogue: TpchCatalogue;
  readonly #duckdb: PlainDuckDB;

  private constructor(binder: Binder, catalogue: TpchCatalogue, duckdb: PlainDuckDB) {
    this.#binder = binder;
    this.#catalogue = catalogue;
    this.#duckdb = duckdb;
  }

  static async open(placement: Placement): Promise<PlanningBench> {
    const catalogue = await tpchCatalogue(placement);
    const registry = new InMemoryFederatedDataSourceRegistry(catalogue.sources);
    const binder = await Binder.create(registry, new SchemaCache(() => 1000));
    for (const table of tpchTableNames) {
      const query = `SELECT * FROM "${placement(table)}".${table}`;
      await binder.createView({ name: table, query }, false, never);
    }
    return new PlanningBench(binder, catalogue, await openPlainDuckDB(await tpchParquet(0.01)));
  }

  async plan(sql: string, disabledRules?: ReadonlySet<string>): Promise<OptimizedStatement> {
    const { body, nextId } = await this.#binder.bind(sql, new Map(), never);
    if (body.kind !== 'plan') throw new RangeError(`not imported: ${body.reason}`);
    const context = this.#catalogue.context(nextId, disabledRules);
    return { bound: body.relation, optimized: optimize(body.relation, context), context };
  }

  async run(plan: Rel): Promise<Awaited<ReturnType<PlainDuckDB['query']>>['rows']> {
    const tableName = (scan: Scan): string => scan.table.join('.');
    const { sql } = renderQuery(plan, { dialect: duckdbDialect, tableName });
    return (await this.#duckdb.query(sql)).rows;
  }

  async runSql(sql: string): Promise<Awaited<ReturnType<PlainDuckDB['query']>>['rows']> {
    return (await this.#duckdb.query(sql)).rows;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#binder.close();
    await this.#duckdb[Symbol.asyncDispose]();
  }
}
