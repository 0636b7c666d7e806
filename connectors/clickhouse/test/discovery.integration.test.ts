import {
  type DataType,
  type Expr,
  type IFederatedDataSource,
  type RemoteTableSchema,
  type Scan,
  literal,
  typeName,
} from '@tributary/connector-sdk';
import { createEngine } from '@tributary/core';
import { arrowRows } from '@tributary/testbed';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { calm, describedScan, planOf } from './support/plan.js';
import { ref } from '@tributary/connector-testkit/dialect';
import { TestClickhouse } from './support/test-server.js';

let server: TestClickhouse;
let source: IFederatedDataSource;

/** A column's type there, a value, what it is here, and the value as it arrives. */
const samples: readonly (readonly [native: string, value: string, type: string, arrives: string])[] = [
  ['LowCardinality(Nullable(String))', "'a'", 'VARCHAR', "'a'"],
  ['FixedString(4)', "'ab'", 'VARCHAR', "'ab'"],
  ["Enum16('b' = 5, 'it\\'s' = -1)", "'it\\'s'", `ENUM('it''s', 'b')`, `'it's'`],
  ['IPv4', "'10.0.0.1'", 'VARCHAR', "'10.0.0.1'"],
  ['IPv6', "'::1'", 'VARCHAR', "'::1'"],
  [
    'UInt128',
    "'340282366920938463463374607431768211455'",
    'VARCHAR',
    "'340282366920938463463374607431768211455'",
  ],
  ['Int256', "'-1'", 'VARCHAR', "'-1'"],
  ['Decimal(76, 2)', "'1.5'", 'VARCHAR', "'1.5'"],
  [
    'Int128',
    "'-170141183460469231731687303715884105728'",
    'HUGEINT',
    '-170141183460469231731687303715884105728',
  ],
  ['BFloat16', '1.5', 'FLOAT', '1.5'],
  [
    "DateTime('Europe/Berlin')",
    "'2020-07-01 02:00:00'",
    'TIMESTAMP WITH TIME ZONE',
    'timestamptz 2020-07-01 00:00:00',
  ],
  [
    "DateTime64(2, 'UTC')",
    "'1960-07-01 02:00:00.25'",
    'TIMESTAMP WITH TIME ZONE',
    'timestamptz 1960-07-01 02:00:00.25',
  ],
  [
    "DateTime64(9, 'Asia/Tokyo')",
    "'2020-07-01 09:00:00.123456789'",
    'VARCHAR',
    "'2020-07-01 00:00:00.123456789'",
  ],
  ['SimpleAggregateFunction(sum, UInt64)', '7', 'UBIGINT', '7'],
  ['Array(Nullable(Int32))', '[1, NULL]', 'INTEGER[]', '[1, NULL]'],
  ['Array(Array(String))', "[['a'], []]", 'VARCHAR[][]', "[['a'], []]"],
  ['Array(LowCardinality(String))', "['x']", 'VARCHAR[]', "['x']"],
  [
    "Array(DateTime('UTC'))",
    "['2020-07-01 00:00:00']",
    'TIMESTAMP WITH TIME ZONE[]',
    '[timestamptz 2020-07-01 00:00:00]',
  ],
  ["Array(Enum8('a' = 1))", "['a']", `ENUM('a')[]`, "['a']"],
  [
    'Tuple(n Int32, `a b` Nullable(String))',
    "(1, 'x')",
    'STRUCT("n" INTEGER, "a b" VARCHAR)',
    "{n: 1, a b: 'x'}",
  ],
  ['Tuple(Int8, IPv4)', "(1, '1.2.3.4')", 'STRUCT("1" TINYINT, "2" VARCHAR)', "{1: 1, 2: '1.2.3.4'}"],
  [
    'Map(String, UInt64)',
    "map('a', 18446744073709551615)",
    'MAP(VARCHAR, UBIGINT)',
    "{'a': 18446744073709551615}",
  ],
  ['Array(Int128)', '[1]', 'JSON', "'[1]'"],
  ['JSON', `'{"a": {"b": 1}}'`, 'JSON', `'{"a":{"b":1}}'`],
  ['Point', '(1.5, 2)', 'VARCHAR', "'(1.5,2)'"],
];

beforeAll(async () => {
  const columns = samples.map(([native], i) => `c${i} ${native}`);
  const values = samples.map(
    ([native, value]) => `CAST(${value} AS ${native.replace(/^Simple.*$/, 'UInt64')})`,
  );
  server = await TestClickhouse.open([
    `CREATE TABLE samples (${columns.join(', ')}) ENGINE = MergeTree ORDER BY tuple()`,
    `INSERT INTO samples SELECT ${values.join(', ')}`,
    `CREATE TABLE events (
       id UInt64, tenant LowCardinality(String), day Date, at DateTime, ms DateTime64(3), note Nullable(String),
       \`odd \`\`name\` Int32, doubled UInt64 ALIAS id * 2, made UInt64 MATERIALIZED id + 1, raw String EPHEMERAL,
       state AggregateFunction(uniq, UInt64)
     ) ENGINE = MergeTree PARTITION BY toYYYYMM(day) PRIMARY KEY (tenant, day) ORDER BY (tenant, day, toHour(at), id) SETTINGS min_bytes_for_wide_part = 0`,
    `INSERT INTO events (id, tenant, day, at, ms, note, \`odd \`\`name\`)
     SELECT number, toString(number % 4), toDate('2020-01-01') + number % 60, '2020-01-01 00:00:00', '2020-01-01 00:00:00', if(number % 5 = 0, NULL, 'n'), 1
     FROM numbers(10000)`,
    'CREATE TABLE by_time ENGINE = MergeTree ORDER BY at AS SELECT toDateTime(1577836800) + number AS at FROM numbers(1000000)',
    'CREATE TABLE by_ms ENGINE = MergeTree ORDER BY at AS SELECT toDateTime64(1577836800, 3) + number AS at FROM numbers(1000000)',
    'CREATE TABLE by_day ENGINE = MergeTree ORDER BY day AS SELECT toDate(number % 20000) AS day FROM numbers(1000000)',
    'CREATE VIEW seen AS SELECT id, tenant FROM events',
    'CREATE MATERIALIZED VIEW counted ENGINE = SummingMergeTree ORDER BY tenant AS SELECT tenant, count() AS n FROM events GROUP BY tenant',
    'CREATE DATABASE other',
    'CREATE TABLE other.events (x Int64) ENGINE = Memory',
    'CREATE TABLE other.Mixed (x Int64) ENGINE = Memory',
  ]);
  source = server.source();
});

afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
});

async function described(path: readonly string[], from = source): Promise<RemoteTableSchema> {
  const schema = await from.describeTable(path, calm);
  if (schema === undefined) throw new Error(`no table ${path.join('.')}`);
  return schema;
}

describe('types', () => {
  test.each(samples.map((sample, i) => [...sample, i] as const))('%s', async (native, _, type, __, i) => {
    const { columns } = await described(['samples']);
    const column = columns[i];
    expect(column && typeName(column.type)).toBe(type);
    expect(column?.nullable).toBe(
      native.includes('(Nullable(String))') || native === 'JSON' || native === 'Point',
    );
  });

  test('values arrive as they are, streamed and through DuckDB', async () => {
    await using engine = await createEngine({ sources: [server.source()] });
    const select = `SELECT ${samples.map((_, i) => `c${i}`).join(', ')} FROM ch.shop.samples`;
    for (const sql of [select, `SELECT * FROM (${select}) UNION ALL (${select}) LIMIT 1`]) {
      await using result = await engine.query(sql);
      const rows = arrowRows(await Array.fromAsync(result));
      expect(rows[0]?.map(String)).toEqual(samples.map(([, , , arrives]) => arrives));
    }
  });

  test('options: FixedString as bytes, nanoseconds cut', async () => {
    const other = server.source({ fixedString: 'blob', nanoseconds: 'truncate' });
    const { columns } = await described(['samples'], other);
    expect([columns[1], columns[12]].map((column) => column && typeName(column.type))).toEqual([
      'BLOB',
      'TIMESTAMP WITH TIME ZONE',
    ]);
  });
});

describe('tables', () => {
  test('are listed but for the server’s own', async () => {
    const tables = await source.listTables(calm);
    expect(tables.map(({ schema, name, kind }) => `${schema}.${name} ${kind}`)).toEqual([
      'shop.by_day table',
      'shop.by_ms table',
      'shop.by_time table',
      'shop.counted materialized-view',
      'shop.events table',
      'shop.samples table',
      'shop.seen view',
      'other.Mixed table',
      'other.events table',
    ]);
    expect(tables.find(({ name }) => name === 'events')?.estimatedRows).toBe(10_000);
    const some = await server.source({ databases: ['other'] }).listTables(calm);
    expect(some.map(({ name }) => name)).toEqual(['Mixed', 'events']);
  });

  test('are found by one part or two, in any case where there is no exact one', async () => {
    expect((await described(['events'])).table).toMatchObject({ schema: 'shop', name: 'events' });
    expect((await described(['other', 'events'])).table).toMatchObject({ schema: 'other', name: 'events' });
    expect((await described(['mixed'])).table).toMatchObject({ schema: 'other', name: 'Mixed' });
    expect(await source.describeTable(['nothing'], calm)).toBeUndefined();
    expect(await source.describeTable(['a', 'b', 'c'], calm)).toBeUndefined();
    expect(
      await server.source({ databases: ['other'] }).describeTable(['shop', 'events'], calm),
    ).toBeUndefined();
  });

  test('columns that can be read, and no unique key: a sorting key is none', async () => {
    const schema = await described(['events']);
    expect(schema.columns.map(({ name, nullable }) => `${name}${nullable ? '?' : ''}`)).toEqual([
      'id',
      'tenant',
      'day',
      'at',
      'ms',
      'note?',
      'odd `name',
      'doubled',
      'made',
    ]);
    expect(schema).toMatchObject({ primaryKey: [], uniqueKeys: [], indexes: [['tenant', 'day']] });
  });

  test('the version changes with the columns', async () => {
    const before = (await described(['other', 'Mixed'])).version;
    expect((await described(['other', 'Mixed'])).version).toBe(before);
    await server.run('ALTER TABLE other.Mixed ADD COLUMN y Int64');
    expect((await described(['other', 'Mixed'])).version).not.toBe(before);
  });
});

describe('statistics', () => {
  test('of a table', async () => {
    const statistics = await source.getRemoteStatistics((await described(['events'])).table, calm);
    expect(statistics).toMatchObject({ rows: 10_000, origin: 'source' });
    expect(statistics?.columns.get('tenant')).toMatchObject({ distinct: 4, nullFraction: 0 });
    expect(statistics?.columns.get('day')).toMatchObject({
      distinct: 60,
      min: '2020-01-01',
      max: '2020-02-29',
    });
    expect(statistics?.columns.get('note')?.nullFraction).toBeCloseTo(0.2);
    expect(statistics?.columns.get('id')?.averageBytes).toBe(8);
  });

  test('of a large table come from a part of it, without bounds', async () => {
    const large = server.source();
    const statistics = await large.getRemoteStatistics((await described(['by_day'], large)).table, calm);
    expect(statistics?.rows).toBe(1_000_000);
    expect(statistics?.columns.get('day')?.distinct).toBeGreaterThan(10);
  });

  test('of a view there are none', async () => {
    expect(await source.getRemoteStatistics((await described(['seen'])).table, calm)).toBeUndefined();
  });
});

describe('an index is used', () => {
  const cases: readonly (readonly [table: string, column: string, type: DataType, value: string])[] = [
    ['by_time', 'at', { id: 'timestamptz' }, '2020-01-01 00:10:00+00'],
    ['by_ms', 'at', { id: 'timestamptz' }, '2020-01-01 00:10:00+00'],
    ['by_day', 'day', { id: 'date' }, '1970-01-10'],
  ];

  const estimate = async (scan: Scan, predicate: Expr): Promise<number> => {
    const { native } = planOf(source, { kind: 'filter', input: scan, predicates: [predicate] });
    const [row] = await server.rows<{ readonly rows: string }>(
      `EXPLAIN ESTIMATE ${native} SETTINGS session_timezone = 'UTC'`,
    );
    return Number(row?.rows);
  };

  test.each(cases)('%s', async (table, column, type, value) => {
    const scan = await describedScan(source, table);
    for (const op of ['<', '='] as const) {
      const predicate: Expr = { kind: 'compare', op, left: ref(scan, column), right: literal(type, value) };
      expect(await estimate(scan, predicate)).toBeLessThan(100_000);
    }
  });
});

test('health names the version', async () => {
  expect(await source.checkHealth(calm)).toMatchObject({
    healthy: true,
    version: expect.stringMatching(/^ClickHouse \d+\.\d+/),
  });
});
