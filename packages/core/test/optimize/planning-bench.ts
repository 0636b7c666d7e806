import { type Rel, type Scan, duckdbDialect, renderQuery } from '@tributary/contract';
import {
  type PlainDuckDB,
  compareRows,
  openPlainDuckDB,
  tpchParquet,
  tpchTableNames,
  tpchTables,
} from '@tributary/testbed';
import { Binder } from '../../src/bind/binder.js';
import { SchemaCache } from '../../src/bind/schema-cache.js';
import { type OptimizeContext, optimize } from '../../src/optimize/index.js';
import { InMemoryFederatedDataSourceRegistry } from '../../src/registry/index.js';
import { showRel } from './show.js';
import { TestCatalogue, type TestTable } from './catalogue.js';

const never = new AbortController().signal;

export interface OptimizedStatement {
  readonly bound: Rel;
  readonly optimized: Rel;
  readonly context: OptimizeContext;
}

/** Binds and optimises statements over tables spread over sources, and runs any plan in plain DuckDB. */
export class PlanningBench implements AsyncDisposable {
  readonly #binder: Binder;
  readonly #catalogue: TestCatalogue;
  readonly #duckdb: PlainDuckDB;

  private constructor(binder: Binder, catalogue: TestCatalogue, duckdb: PlainDuckDB) {
    this.#binder = binder;
    this.#catalogue = catalogue;
    this.#duckdb = duckdb;
  }

  /** Takes the DuckDB over: it is closed with the bench. */
  static async open(duckdb: PlainDuckDB, tables: readonly TestTable[]): Promise<PlanningBench> {
    const catalogue = await TestCatalogue.read(duckdb, tables);
    const registry = new InMemoryFederatedDataSourceRegistry(catalogue.sources);
    const binder = await Binder.create(registry, new SchemaCache(() => 1000));
    for (const { name, source } of tables) {
      await binder.createView({ name, query: `SELECT * FROM "${source}".${name}` }, false, never);
    }
    return new PlanningBench(binder, catalogue, duckdb);
  }

  static async tpch(sourceOf: (table: string) => string): Promise<PlanningBench> {
    const tables = tpchTableNames.map((name) => ({
      name,
      source: sourceOf(name),
      primaryKey: tpchTables[name].primaryKey.split(', '),
    }));
    return PlanningBench.open(await openPlainDuckDB(await tpchParquet(0.01)), tables);
  }

  async plan(sql: string): Promise<OptimizedStatement> {
    const { body, nextId } = await this.#binder.bind(sql, new Map(), never);
    if (body.kind !== 'plan') throw new RangeError(`not imported: ${body.reason}`);
    const context = this.#catalogue.context(nextId);
    return { bound: body.relation, optimized: optimize(body.relation, context), context };
  }

  /** The optimised plan as text. */
  async shownPlan(sql: string): Promise<string> {
    return showRel((await this.plan(sql)).optimized);
  }

  /** What differs between the optimised plan's rows and the statement's own; undefined when nothing does. */
  async difference(sql: string, plan: Rel): Promise<string | undefined> {
    const tableName = (scan: Scan): string => scan.table.join('.');
    const rendered = renderQuery(plan, { dialect: duckdbDialect, tableName });
    const expected = await this.#duckdb.query(sql);
    const actual = await this.#duckdb.query(rendered.sql);
    return compareRows(actual.rows, expected.rows);
  }

  /** How many rows the statement yields. */
  async count(sql: string): Promise<number> {
    return (await this.#duckdb.query(sql)).rows.length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#binder.close();
    await this.#duckdb[Symbol.asyncDispose]();
  }
}
