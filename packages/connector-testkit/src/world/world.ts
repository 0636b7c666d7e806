import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IFederatedDataSource } from '@tributary/connector-sdk';
import { type Engine, type EngineOptions, createEngine } from '@tributary/core';
import { type PlainDuckDB, openPlainDuckDB } from '@tributary/oracle';
import {
  type StandardTable,
  type StandardTables,
  standardTables,
  tableNames,
} from '../fixtures/standard-tables.js';
import { ConformanceError } from '../suite/conformance-error.js';
import type { ConformanceSubject } from '../suite/conformance-options.js';
import { ObservedSource } from './observed-source.js';
import { fillAsParquet, fillOracle } from './oracle-tables.js';
import { localId, quoteName, testedId } from './sql-name.js';
import { RowsSource, parquetPath } from './rows-source.js';

/** The fixtures at the source and in plain DuckDB, and an engine over the source that pushes whatever it may. */
export class World implements AsyncDisposable {
  readonly subject: ConformanceSubject;
  readonly tables: StandardTables;
  readonly duckdb: PlainDuckDB;
  readonly observed: ObservedSource;
  readonly engine: Engine;
  readonly spillDirectory: string;
  /** The first source that was made, as the author's `create` made it. */
  readonly source: IFederatedDataSource;
  readonly #sources: IFederatedDataSource[];
  readonly #rowsFolder: string;

  private constructor(
    subject: ConformanceSubject,
    tables: StandardTables,
    duckdb: PlainDuckDB,
    source: IFederatedDataSource,
    observed: ObservedSource,
    engine: Engine,
    spillDirectory: string,
    rowsFolder: string,
  ) {
    this.subject = subject;
    this.tables = tables;
    this.duckdb = duckdb;
    this.source = source;
    this.observed = observed;
    this.engine = engine;
    this.spillDirectory = spillDirectory;
    this.#rowsFolder = rowsFolder;
    this.#sources = [source];
  }

  static async open(subject: ConformanceSubject): Promise<World> {
    const tables = standardTables(subject.knownGaps ?? []);
    await subject.fixtures.load(tables.all);
    const duckdb = await openPlainDuckDB();
    await duckdb.run(`ATTACH ':memory:' AS ${quoteName(testedId)}`);
    for (const { name } of tables.all) {
      const [schema, ...deeper] = pathOf(subject, name).slice(0, -1);
      if (deeper.length > 0)
        throw new ConformanceError(`${name} has a path of more than a schema and a name`);
      if (schema !== undefined)
        await duckdb.run(`CREATE SCHEMA IF NOT EXISTS ${quoteName(testedId, schema)}`);
    }
    for (const table of tables.all) {
      await fillOracle(duckdb, table, nameOf(subject, table.name), 'readAs');
    }
    const rowsFolder = await mkdtemp(join(tmpdir(), 'tributary-rows-'));
    await duckdb.run(`ATTACH ':memory:' AS ${localId}`);
    for (const table of localTables(tables)) {
      await fillAsParquet(duckdb, table, quoteName(localId, table.name), parquetPath(rowsFolder, table));
    }
    const source = await subject.create(testedId);
    const observed = new ObservedSource(source);
    const spillDirectory = await mkdtemp(join(tmpdir(), 'tributary-conformance-'));
    const engine = await createEngine({
      sources: [observed.source, new RowsSource(localId, rowsFolder, localTables(tables))],
      spillDirectory,
      threads: 2,
      memoryLimit: '1GiB',
    });
    return new World(subject, tables, duckdb, source, observed, engine, spillDirectory, rowsFolder);
  }

  /** A fixture table at the source, as statements name it. */
  tested(table: keyof typeof tableNames): string {
    return nameOf(this.subject, tableNames[table]);
  }

  /** The suite's own rows of the same columns, in another source. */
  local(table: 'a' | 'b'): string {
    return quoteName(localId, tableNames[table]);
  }

  path(table: keyof typeof tableNames): readonly string[] {
    return pathOf(this.subject, tableNames[table]);
  }

  table(table: keyof typeof tableNames): StandardTable {
    const found = this.tables.all.find(({ name }) => name === tableNames[table]);
    if (found === undefined) throw new RangeError(`no table ${table}`);
    return found;
  }

  /** Another source of the author's, which the suite closes unless the check does. */
  async newSource(): Promise<IFederatedDataSource> {
    const source = await this.subject.create(testedId);
    this.#sources.push(source);
    return source;
  }

  /** An engine of its own over a source. Closing it closes the source. */
  engineOver(source: IFederatedDataSource, options: Partial<EngineOptions> = {}): Promise<Engine> {
    return createEngine({
      sources: [source],
      spillDirectory: this.spillDirectory,
      threads: 1,
      memoryLimit: '512MiB',
      ...options,
    });
  }

  /** Files that engines have left in the spill directory. */
  async spilledFiles(): Promise<readonly string[]> {
    const entries = await readdir(this.spillDirectory, { withFileTypes: true, recursive: true });
    return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // It closes its sources; what is wrong with that, a check has told.
    await this.engine.close().catch(() => undefined);
    for (const source of this.#sources) await closeQuietly(source);
    await this.duckdb[Symbol.asyncDispose]();
    for (const folder of [this.spillDirectory, this.#rowsFolder]) {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** What the suite holds itself, to be joined with the source. */
function localTables({ all }: StandardTables): readonly StandardTable[] {
  return all.filter(({ name }) => name === tableNames.a || name === tableNames.b);
}

function pathOf({ fixtures }: ConformanceSubject, table: string): readonly string[] {
  return fixtures.path?.(table) ?? [table];
}

function nameOf(subject: ConformanceSubject, table: string): string {
  return quoteName(testedId, ...pathOf(subject, table));
}

async function closeQuietly(source: IFederatedDataSource): Promise<void> {
  try {
    await source.close();
  } catch {
    // Dropped on purpose: a check has told.
  }
}
