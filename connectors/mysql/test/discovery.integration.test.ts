import { typeName } from '@tributary/connector-sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { calm, described, rowsOf, scanned } from './support/run.js';
import { products, RunningServer } from './support/server.js';

/** Names with everything that quoting, LIKE and the catalogue could trip over. */
const hostileNames = ['we`ird "name"', 'Größe', '100%_sure', "it's", 'select', 'back\\slash'];

const common = [
  `CREATE TABLE orders (
    id BIGINT UNSIGNED PRIMARY KEY, customer INT NOT NULL, code VARCHAR(20) NOT NULL, note TEXT,
    placed DATE, amount DECIMAL(10,2), UNIQUE KEY by_code (code), KEY by_customer (customer, placed), FULLTEXT KEY words (note))`,
  `INSERT INTO orders WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 999)
    SELECT i, i % 50, CONCAT('c', i), 'n', DATE '2020-01-01' + INTERVAL i DAY, i / 4 FROM n`,
  'CREATE VIEW large_orders AS SELECT * FROM orders WHERE amount > 100',
  'CREATE TABLE parts (id INT PRIMARY KEY, x INT) PARTITION BY HASH (id) PARTITIONS 3',
  'CREATE TABLE nullable_key (a INT NULL, UNIQUE KEY (a))',
  'CREATE DATABASE other',
  'CREATE TABLE other.orders (z INT)',
  ...hostileNames.map(
    (name) => `CREATE TABLE \`${name.replaceAll('`', '``')}\` (\`${name.replaceAll('`', '``')}\` INT)`,
  ),
  `CREATE TABLE odd (
    id INT PRIMARY KEY, flag BIT(1), bits BIT(12), tiny TINYINT(1), y YEAR, span TIME(3), mood ENUM('sad','it''s ok'),
    tags SET('a','b'), doc JSON, place POINT, wide DECIMAL(50,5), latin VARCHAR(10) CHARACTER SET latin1,
    stamp TIMESTAMP(6) NULL, local_time DATETIME(6))`,
  String.raw`INSERT INTO odd VALUES (1, b'1', b'101010101010', 7, 2024, '838:59:59', 'it''s ok', 'a,b', '{"a": [1, "é"]}',
    POINT(1, 2), 12345678901234567890123456789012345678901234.12345, 'é€', '2024-06-30 12:00:00.123456', '2024-06-30 12:00:00.123456')`,
  "INSERT INTO odd (id, span) VALUES (2, '-00:00:01.5')",
  'CREATE TABLE zeros (id INT PRIMARY KEY, d DATE NOT NULL, t DATETIME, KEY (d))',
  "SET SESSION sql_mode = ''",
  "INSERT INTO zeros VALUES (1, '0000-00-00', '2020-00-00 01:02:03'), (2, '2020-01-02', '2020-01-02 03:04:05')",
];

describe.each(products)('%s', (product) => {
  let server: RunningServer;

  beforeAll(async () => {
    server = await RunningServer.open(product);
    await server.admin.query("SET time_zone = '+00:00'");
    for (const sql of common) await server.admin.query(sql);
    await server.admin.query('ANALYZE TABLE orders');
    await server.admin.query(
      product === 'mysql'
        ? 'ANALYZE TABLE orders UPDATE HISTOGRAM ON customer, placed, code WITH 10 BUCKETS'
        : 'ANALYZE TABLE orders PERSISTENT FOR ALL',
    );
  }, 60_000);

  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });

  test('tables, views and partitioned tables are listed, the configured database first', async () => {
    const tables = await server.source().listTables(calm);
    expect(tables[0]?.schema).toBe('shop');
    const kinds = new Map(tables.map(({ schema, name, kind }) => [`${schema}.${name}`, kind]));
    expect(kinds.get('shop.orders')).toBe('table');
    expect(kinds.get('shop.large_orders')).toBe('view');
    expect(kinds.get('shop.parts')).toBe('partitioned-table');
    expect(kinds.get('other.orders')).toBe('table');
    expect(tables.some(({ schema }) => schema === 'mysql' || schema === 'information_schema')).toBe(false);
    const configured = await server.source({ databases: ['other'] }).listTables(calm);
    expect(configured.map(({ name }) => name)).toEqual(['orders']);
  });

  test('columns, keys and indexes', async () => {
    const schema = await described(server.source(), 'orders');
    expect(schema.table).toEqual({ schema: 'shop', name: 'orders', kind: 'table' });
    expect(schema.columns.map(({ name, type, nullable }) => [name, typeName(type), nullable])).toEqual([
      ['id', 'UBIGINT', false],
      ['customer', 'INTEGER', false],
      ['code', 'VARCHAR', false],
      ['note', 'VARCHAR', true],
      ['placed', 'DATE', true],
      ['amount', 'DECIMAL(10,2)', true],
    ]);
    expect(schema.primaryKey).toEqual(['id']);
    expect(schema.uniqueKeys).toEqual([['code']]);
    expect(new Set(schema.indexes.map((columns) => columns.join()))).toEqual(
      new Set(['id', 'code', 'customer,placed']),
    );
    expect((await described(server.source(), 'nullable_key')).uniqueKeys).toEqual([]);
  });

  test('names as they are written, or in another case', async () => {
    const source = server.source();
    expect((await described(source, 'OTHER', 'Orders')).table).toMatchObject({
      schema: 'other',
      name: 'orders',
    });
    expect((await described(source, 'orders')).table.schema).toBe('shop');
    expect(await source.describeTable(['nothing'], calm)).toBeUndefined();
    expect(await source.describeTable(['a', 'b', 'c'], calm)).toBeUndefined();
    const other = server.source({ databases: ['other', 'shop'] });
    expect((await described(other, 'orders')).table.schema).toBe('other');
  });

  test.each(hostileNames)('a table and a column called %s', async (name) => {
    const source = server.source();
    const schema = await described(source, name);
    expect(schema.columns.map((each) => each.name)).toEqual([name]);
    expect(await rowsOf(source, await scanned(source, 'shop', name))).toEqual([]);
  });

  test('the version changes with the schema', async () => {
    const source = server.source();
    const before = (await described(source, 'other', 'orders')).version;
    await server.admin.query('ALTER TABLE other.orders ADD COLUMN w INT');
    expect((await described(source, 'other', 'orders')).version).not.toBe(before);
  });

  test('statistics', async () => {
    const source = server.source();
    const { table } = await described(source, 'orders');
    const statistics = await source.getRemoteStatistics(table, calm);
    expect(statistics?.origin).toBe('source');
    expect(statistics?.rows).toBeGreaterThan(900);
    expect(statistics?.rows).toBeLessThan(1100);
    expect(statistics?.columns.get('customer')).toMatchObject({ distinct: 50, min: '0', max: '49' });
    expect(statistics?.columns.get('placed')).toMatchObject({ min: '2020-01-01', max: '2022-09-26' });
    // Figures of text are cut off or folded.
    expect(statistics?.columns.get('code')?.min).toBeUndefined();
    const view = (await described(source, 'large_orders')).table;
    expect(await source.getRemoteStatistics(view, calm)).toBeUndefined();
  });

  test('types without a counterpart say how they are delivered', async () => {
    const source = server.source();
    const { columns } = await described(source, 'odd');
    expect(Object.fromEntries(columns.map(({ name, type }) => [name, typeName(type)]))).toEqual({
      id: 'INTEGER',
      flag: 'BOOLEAN',
      bits: 'UBIGINT',
      tiny: 'TINYINT',
      y: 'USMALLINT',
      span: 'INTERVAL',
      mood: `ENUM('sad', 'it''s ok')`,
      tags: 'VARCHAR',
      doc: 'JSON',
      place: 'VARCHAR',
      wide: 'VARCHAR',
      latin: 'VARCHAR',
      stamp: 'TIMESTAMP WITH TIME ZONE',
      local_time: 'TIMESTAMP',
    });
    const notes = new Map(columns.map(({ name, note }) => [name, note]));
    for (const name of ['span', 'tags', 'place', 'wide']) expect(notes.get(name)).toBeTypeOf('string');
  });

  test.each(['batches', 'relation'] as const)('their values, as %s', async (prefer) => {
    const source = server.source();
    const rows = await rowsOf(source, await scanned(source, 'odd'), { prefer });
    const [first = [], second = []] = rows.toSorted((a, b) => Number(a[0]) - Number(b[0]));
    expect(first).toEqual([
      '1',
      'true',
      '2730',
      '7',
      '2024',
      `interval 0 months 0 days ${((838 * 60 + 59) * 60 + 59) * 1e9} ns`,
      "'it's ok'",
      "'a,b'",
      expect.stringMatching(/^'\{"a": ?\[1, ?"é"\]\}'$/),
      "'POINT(1 2)'",
      "'12345678901234567890123456789012345678901234.12345'",
      "'é€'",
      expect.stringContaining('2024-06-30 12:00:00.123456'),
      expect.stringContaining('2024-06-30 12:00:00.123456'),
    ]);
    expect(second.slice(1, 5)).toEqual(['NULL', 'NULL', 'NULL', 'NULL']);
    expect(second[5]).toBe('interval 0 months 0 days -1500000000 ns');
  });

  test('TINYINT(1) as BOOLEAN', async () => {
    const source = server.source({ tinyint1AsBoolean: true });
    const scan = await scanned(source, 'odd');
    const tiny = scan.columns.filter(({ name }) => name === 'tiny');
    expect(await rowsOf(source, { ...scan, columns: tiny })).toEqual([['true'], ['NULL']]);
  });

  test('zero dates are an error that names the column, or NULL', async () => {
    const strict = server.source();
    await expect(rowsOf(strict, await scanned(strict, 'zeros'))).rejects.toMatchObject({
      code: 'SOURCE.UNREPRESENTABLE_VALUE',
      message: expect.stringContaining('d'),
    });
    const lenient = server.source({ zeroDates: 'null' });
    const schema = await described(lenient, 'zeros');
    expect(schema.columns.find(({ name }) => name === 'd')?.nullable).toBe(true);
    const rows = await rowsOf(lenient, await scanned(lenient, 'zeros'));
    expect(rows.map((row) => row.map(String))).toEqual([
      ['1', 'NULL', 'NULL'],
      ['2', expect.stringContaining('2020-01-02'), expect.stringContaining('2020-01-02 03:04:05')],
    ]);
  });

  test('health', async () => {
    const health = await server.source().checkHealth(calm);
    expect(health.healthy).toBe(true);
    expect(health.version).toMatch(product === 'mysql' ? /^MySQL 8\.0\.31$/ : /^MariaDB 10\.11\.\d+$/);
    expect(health.latencyMs).toBeGreaterThan(0);
    await server.admin.query('CREATE TABLE other.old_engine (x INT) ENGINE = MyISAM');
    const { findings } = await server.source().checkHealth(calm);
    expect(findings.map(({ message }) => message).join()).toContain("1 tables are not InnoDB's");
  });
});
