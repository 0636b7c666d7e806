import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClickhouseSource } from '@tributary/connector-clickhouse';
import { createLakeSource } from '@tributary/connector-duckdb-s3';
import { createMySqlSource } from '@tributary/connector-mysql';
import { createPostgresSource } from '@tributary/connector-postgres';
import {
  type ColumnName,
  type GeneratorWorld,
  type HostileRow,
  duckdbConstant,
  hostileColumns,
  hostileRows,
} from '@tributary/connector-testkit/generate';
import { type DataType, typeName } from '@tributary/contract';
import { type Engine, createEngine } from '@tributary/core';
import {
  type PlainDuckDB,
  openPlainDuckDB,
  runStatements,
  startClickhouse,
  startMysql,
  startPostgres,
} from '@tributary/testbed';
import { postgresConstant, postgresType } from './postgres-columns.js';

/** The hostile columns whose type and values all four systems have. */
const common: readonly ColumnName[] = ['k', 'n', 'i', 'b', 's', 'd', 'big', 'm', 't', 'g', 'day', 'bo'];
const columns = hostileColumns.filter(({ name }) => common.includes(name));

/** `p…` stand in PostgreSQL, `m…` in MySQL, `c…` in ClickHouse, `l…` are Parquet files. Equal seeds are equal rows. */
const seeds: Readonly<Record<string, number>> = { pa: 1, ma: 1, ca: 1, la: 1, pb: 2, mb: 3, cb: 4, lb: 5 };

export const fourWayStatements: GeneratorWorld = {
  tableSets: [
    ['ma', 'mb'],
    ['ca', 'cb'],
    ['pa', 'ma', 'ca', 'la'],
    ['pb', 'mb', 'cb', 'lb'],
  ],
  columns: ['id', ...common],
};

const rowsPerTable = 48;

/** The same hostile values in four systems and in a plain DuckDB, and an engine over the four. */
export class FourWaysWorld implements AsyncDisposable {
  readonly engine: Engine;
  readonly duckdb: PlainDuckDB;
  readonly #resources: AsyncDisposableStack;

  private constructor(engine: Engine, duckdb: PlainDuckDB, resources: AsyncDisposableStack) {
    this.engine = engine;
    this.duckdb = duckdb;
    this.#resources = resources;
  }

  static async open(): Promise<FourWaysWorld> {
    await using resources = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), 'tributary-proof-'));
    resources.defer(() => rm(folder, { recursive: true, force: true }));
    const postgres = resources.use(await startPostgres());
    const mysql = resources.use(await startMysql());
    const clickhouse = resources.use(await startClickhouse());
    const duckdb = resources.use(await openPlainDuckDB());
    for (const name of Object.keys(seeds)) await duckdb.run(tableSql(name, duckdbTable).join(';'));
    for (const name of ['la', 'lb']) await duckdb.run(`COPY ${name} TO '${join(folder, `${name}.parquet`)}'`);
    await runStatements(
      postgres.url,
      ['pa', 'pb'].flatMap((name) => [...tableSql(name, postgresTable), `ANALYZE ${name}`]),
    );
    await runStatements(
      mysql.url,
      ['ma', 'mb'].flatMap((name) => [...tableSql(name, mysqlTable), `ANALYZE TABLE ${name}`]),
    );
    await runStatements(
      clickhouse.url,
      ['ca', 'cb'].flatMap((name) => tableSql(name, clickhouseTable)),
    );
    // A line so slow that whatever can run in the server should.
    const bandwidthMbps = 0.001;
    const engine = await createEngine({
      sources: [
        createPostgresSource('postgres', { url: postgres.url, bandwidthMbps }),
        createMySqlSource('mysql', { url: mysql.url, bandwidthMbps, tinyint1AsBoolean: true }),
        createClickhouseSource('clickhouse', { url: clickhouse.url, bandwidthMbps }),
        createLakeSource('lake', { root: folder }),
      ],
    });
    resources.defer(() => engine.close());
    return new FourWaysWorld(engine, duckdb, resources.move());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#resources.disposeAsync();
  }
}

/** How one system writes types, values, and what comes behind a table's columns. */
interface Dialect {
  type(type: DataType): string;
  constant(type: DataType, value: string | null): string;
  readonly id: string;
  readonly behind: string;
  quote(name: string): string;
}

const duckdbTable: Dialect = {
  type: typeName,
  constant: duckdbConstant,
  id: 'BIGINT NOT NULL',
  behind: '',
  quote: (name) => `"${name}"`,
};

const mysqlTable: Dialect = {
  type: (type) => (type.id === 'varchar' ? 'varchar(100)' : typeName(type)),
  constant: (type, value) =>
    value === null
      ? 'NULL'
      : type.id === 'varchar'
        ? backslashed(value)
        : type.id === 'date'
          ? `'${value}'`
          : value,
  id: 'bigint PRIMARY KEY',
  behind: '',
  quote: (name) => `\`${name}\``,
};

const clickhouseTable: Dialect = {
  type: (type) => `Nullable(${type.id === 'date' ? 'Date32' : typeName(type)})`,
  constant: (type, value) =>
    value === null
      ? 'NULL'
      : type.id === 'varchar' || type.id === 'date' || type.id === 'decimal'
        ? backslashed(value)
        : value,
  id: 'Int64',
  behind: ' ENGINE = MergeTree ORDER BY id',
  quote: (name) => `\`${name}\``,
};

const postgresTable: Dialect = {
  type: postgresType,
  constant: postgresConstant,
  id: 'bigint PRIMARY KEY',
  behind: '',
  quote: (name) => `"${name}"`,
};

function backslashed(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

function tableSql(name: string, { type, constant, id, behind, quote }: Dialect): readonly string[] {
  const definitions = columns.map((column) => `${quote(column.name)} ${type(column.type)}`);
  const rows: readonly HostileRow[] = hostileRows(seeds[name] ?? 0, rowsPerTable, columns);
  const tuples = rows.map((row, index) => {
    const cells = columns.map((column, i) => constant(column.type, row[i] ?? null));
    return `(${[String(index), ...cells].join(', ')})`;
  });
  return [
    `CREATE TABLE ${name} (id ${id}, ${definitions.join(', ')})${behind}`,
    `INSERT INTO ${name} VALUES ${tuples.join(', ')}`,
  ];
}
