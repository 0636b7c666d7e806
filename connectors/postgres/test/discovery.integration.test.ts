import type { CallContext, RemoteTableSchema } from '@tributary/contract/source';
import { typeName } from '@tributary/contract/plan';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PostgresSource } from '../src/index.js';
import { describe as describeTable, rowsOf, scan } from './support/run.js';
import { TestServer } from './support/server.js';

const calm: CallContext = { signal: new AbortController().signal };
let db: TestServer;
let source: PostgresSource;

beforeAll(async () => {
  db = await TestServer.open(`
    CREATE EXTENSION citext;
    CREATE EXTENSION postgres_fdw;
    CREATE TYPE mood AS ENUM ('sad', 'it''s ok', 'happy');
    CREATE DOMAIN positive AS numeric(8, 2) CHECK (value > 0);
    CREATE DOMAIN small_positive AS positive CHECK (value < 100);
    CREATE COLLATION case_blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
    CREATE SCHEMA sales;
    CREATE SCHEMA archive;
    CREATE TABLE plain (id int PRIMARY KEY, code text NOT NULL UNIQUE, maybe text UNIQUE, a int NOT NULL, b int NOT NULL,
      late int NOT NULL UNIQUE DEFERRABLE, UNIQUE (a, b));
    CREATE INDEX ON plain (b, lower(code));
    CREATE INDEX ON plain (a) WHERE b > 0;
    CREATE INDEX ON plain USING hash (maybe);
    CREATE TABLE sales."Odd ""Name""" ("Select" int, "a.b" text);
    CREATE TABLE archive.plain (other int);
    CREATE TABLE parted (day date, v int, PRIMARY KEY (day, v)) PARTITION BY RANGE (day);
    CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
    CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
    INSERT INTO parted SELECT '2020-01-01'::date + g, g FROM generate_series(0, 699) g;
    CREATE TABLE parent (id int PRIMARY KEY);
    CREATE TABLE child () INHERITS (parent);
    CREATE VIEW view_of AS SELECT id, code FROM plain;
    CREATE MATERIALIZED VIEW stored AS SELECT generate_series(1, 100) AS n;
    CREATE SERVER loop FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '1');
    CREATE FOREIGN TABLE far (id int) SERVER loop;
    CREATE TABLE typed (n1 numeric(5, 2), n2 numeric, n3 numeric(39), n4 numeric(5, -2), n5 numeric(3, 5), n6 numeric(38, 0),
      d small_positive, m mood, ms mood[], c char(3), vc varchar(3), ci citext, cb text COLLATE case_blind, ip inet, mo money,
      ta text[][], na numeric(5, 2)[], ja jsonb[], x xml, r int4range, bi bit(3), q "char", tz timetz, sys name);
    CREATE TABLE counted AS SELECT g AS id, g % 4 AS k, CASE WHEN g % 10 = 0 THEN NULL ELSE 'v' || g % 3 END AS s,
      date '2020-01-01' + g % 100 AS d, CASE WHEN g % 2 = 0 THEN 1.5 ELSE 'NaN' END::float8 AS f FROM generate_series(1, 10000) g;
    CREATE TABLE unanalysed (id bigint, s text);
    ANALYZE plain, parted, counted, stored;
    INSERT INTO unanalysed SELECT g, 'x' FROM generate_series(1, 5000) g;`);
  source = db.source();
});

afterAll(async () => {
  await db?.[Symbol.asyncDispose]();
});

function column(schema: RemoteTableSchema, name: string): string {
  const found = schema.columns.find((each) => each.name === name);
  return found === undefined
    ? 'missing'
    : `${typeName(found.type)} ${found.comparison}${found.note === undefined ? '' : ' (noted)'}`;
}

describe('listing', () => {
  test('every kind, public first, no partitions and no system schemas', async () => {
    const tables = await source.listTables(calm);
    expect(tables.map(({ schema, name, kind }) => `${schema}.${name} ${kind}`)).toEqual([
      'public.child table',
      'public.counted table',
      'public.far foreign-table',
      'public.parent table',
      'public.parted partitioned-table',
      'public.plain table',
      'public.stored materialized-view',
      'public.typed table',
      'public.unanalysed table',
      'public.view_of view',
      'archive.plain table',
      'sales.Odd "Name" table',
    ]);
  });

  test('only the configured schemas, in their order', async () => {
    const narrow = db.source({ schemas: ['sales', 'archive'] });
    expect((await narrow.listTables(calm)).map(({ schema }) => schema)).toEqual(['sales', 'archive']);
    expect(await narrow.describeTable(['typed'], calm)).toBeUndefined();
    expect((await narrow.describeTable(['plain'], calm))?.table.schema).toBe('archive');
  });
});

describe('names', () => {
  test.each([
    [['plain'], 'public.plain'],
    [['PLAIN'], 'public.plain'],
    [['archive', 'plain'], 'archive.plain'],
    [['shop', 'archive', 'plain'], 'archive.plain'],
    [['sales', 'Odd "Name"'], 'sales.Odd "Name"'],
    [['sales', 'odd "name"'], 'sales.Odd "Name"'],
  ])('%j', async (path, expected) => {
    const { table } = await describeTable(source, ...path);
    expect(`${table.schema}.${table.name}`).toBe(expected);
  });

  test.each([
    [['nowhere']],
    [['sales', 'plain']],
    [['a', 'b', 'c']],
    [[]],
    [["plain'; DROP TABLE plain; --"]],
  ])('%j is nothing', async (path) => {
    expect(await source.describeTable(path, calm)).toBeUndefined();
  });

  test('odd names are read', async () => {
    await db.admin.query(`INSERT INTO sales."Odd ""Name""" VALUES (1, 'x')`);
    expect(await rowsOf(source, await scan(source, 'sales', 'Odd "Name"'))).toEqual([['1', "'x'"]]);
  });
});

describe('describe', () => {
  test('keys and indexes', async () => {
    const schema = await describeTable(source, 'plain');
    expect(schema.primaryKey).toEqual(['id']);
    // Not `maybe` (nullable), not `late` (deferrable: it may be violated inside a transaction).
    expect(schema.uniqueKeys).toEqual([['code'], ['a', 'b']]);
    expect(schema.indexes).toEqual(
      expect.arrayContaining([['id'], ['code'], ['maybe'], ['late'], ['a', 'b'], ['b']]),
    );
    expect(schema.indexes).not.toContainEqual(['a']);
    expect(schema.columns.find(({ name }) => name === 'code')?.nullable).toBe(false);
    expect(schema.columns.find(({ name }) => name === 'maybe')?.nullable).toBe(true);
  });

  test("a partitioned table's key counts, an inheritance parent's does not", async () => {
    expect((await describeTable(source, 'parted')).primaryKey).toEqual(['day', 'v']);
    expect((await describeTable(source, 'parent')).primaryKey).toEqual([]);
  });

  test('types', async () => {
    const schema = await describeTable(source, 'typed');
    expect(Object.fromEntries(schema.columns.map(({ name }) => [name, column(schema, name)]))).toEqual({
      n1: 'DECIMAL(5,2) ordered',
      n2: 'DECIMAL(38,16) ordered (noted)',
      n3: 'VARCHAR ordered (noted)',
      n4: 'DECIMAL(7,0) ordered',
      n5: 'DECIMAL(5,5) ordered',
      n6: 'DECIMAL(38,0) ordered',
      d: 'DECIMAL(8,2) ordered',
      m: "ENUM('sad', 'it''s ok', 'happy') ordered",
      ms: 'VARCHAR ordered (noted)',
      c: 'VARCHAR ordered (noted)',
      vc: 'VARCHAR ordered',
      ci: 'VARCHAR ordered (noted)',
      cb: 'VARCHAR ordered (noted)',
      ip: 'VARCHAR ordered (noted)',
      mo: 'VARCHAR ordered (noted)',
      ta: 'VARCHAR[] none (noted)',
      na: 'DECIMAL(5,2)[] none (noted)',
      ja: 'VARCHAR ordered (noted)',
      x: 'VARCHAR ordered (noted)',
      r: 'VARCHAR ordered (noted)',
      bi: 'VARCHAR ordered (noted)',
      q: 'VARCHAR ordered (noted)',
      tz: 'VARCHAR ordered (noted)',
      sys: 'VARCHAR ordered',
    });
    expect(schema.columns.find(({ name }) => name === 'd')?.nativeType).toBe('small_positive');
  });

  test('values of them', async () => {
    await db.admin.query(`
      INSERT INTO typed VALUES (1.5, 1.25, 10::numeric ^ 38, 12300, 0.00123, '99999999999999999999999999999999999999', 5, 'it''s ok',
        '{sad,happy}', 'a', 'b', 'Ci', 'cB', '10.0.0.1', 1.5, '{a,NULL}', '{1.5,NULL}', '{"{}"}', '<a/>', '[1,3)', '101', 'c', '12:00+02', 'n')`);
    expect(await rowsOf(source, await scan(source, 'typed'))).toEqual([
      [
        '1.5',
        '1.25',
        `'1${'0'.repeat(38)}'`,
        '12300',
        '0.00123',
        '99999999999999999999999999999999999999',
        '5',
        "'it's ok'",
        "'{sad,happy}'",
        "'a'",
        "'b'",
        "'Ci'",
        "'cB'",
        "'10.0.0.1/32'",
        "'$1.50'",
        "['a', NULL]",
        '[1.5, NULL]',
        '\'{"{}"}\'',
        "'<a/>'",
        "'[1,3)'",
        "'101'",
        "'c'",
        "'12:00:00+02'",
        "'n'",
      ],
    ]);
  });

  test('the version changes with the schema and only with it', async () => {
    await db.admin.query('CREATE TABLE versioned (id int)');
    const before = (await describeTable(source, 'versioned')).version;
    await db.admin.query('INSERT INTO versioned VALUES (1); ANALYZE versioned');
    expect((await describeTable(source, 'versioned')).version).toBe(before);
    await db.admin.query('ALTER TABLE versioned ADD s text');
    expect((await describeTable(source, 'versioned')).version).not.toBe(before);
    await db.admin.query('DROP TABLE versioned');
  });
});

describe('statistics', () => {
  async function statisticsOf(
    name: string,
  ): Promise<Awaited<ReturnType<PostgresSource['getRemoteStatistics']>>> {
    const { table } = await describeTable(source, name);
    return source.getRemoteStatistics(table, calm);
  }

  test('rows, distinct values, NULLs, common values and bounds', async () => {
    const statistics = await statisticsOf('counted');
    expect(statistics?.rows).toBe(10_000);
    expect(statistics?.bytes).toBeGreaterThan(100_000);
    expect(statistics?.columns.get('id')).toMatchObject({
      distinct: 10_000,
      nullFraction: 0,
      min: '1',
      max: '10000',
      exactBounds: false,
    });
    expect(statistics?.columns.get('k')?.distinct).toBe(4);
    expect(
      statistics?.columns
        .get('k')
        ?.mostCommon?.map(({ value }) => value)
        .toSorted(),
    ).toEqual(['0', '1', '2', '3']);
    const s = statistics?.columns.get('s');
    expect(s?.distinct).toBe(3);
    expect(s?.nullFraction).toBeCloseTo(0.1, 1);
    expect(s?.min).toBeUndefined();
    expect(statistics?.columns.get('d')).toMatchObject({
      min: '2020-01-01',
      max: '2020-04-09',
      distinct: 100,
    });
  });

  test('NaN is no bound', async () => {
    const f = (await statisticsOf('counted'))?.columns.get('f');
    expect([f?.min, f?.max]).toEqual([undefined, undefined]);
  });

  test('partitions are added up', async () => {
    expect((await statisticsOf('parted'))?.rows).toBe(700);
    expect((await statisticsOf('parted'))?.columns.get('v')?.distinct).toBe(700);
  });

  test('a table never analysed is guessed by its size, a view by the planner', async () => {
    const rows = (await statisticsOf('unanalysed'))?.rows ?? 0;
    expect(rows).toBeGreaterThan(1_000);
    expect(rows).toBeLessThan(25_000);
    expect((await statisticsOf('view_of'))?.rows).toBeDefined();
    expect((await statisticsOf('stored'))?.rows).toBe(100);
  });

  test('health says what is wrong', async () => {
    const health = await source.checkHealth(calm);
    expect(health.healthy).toBe(true);
    expect(health.version).toMatch(/^PostgreSQL 18/);
    expect(health.latencyMs).toBeGreaterThan(0);
  });
});
