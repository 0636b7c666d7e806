import {
  createEngine,
  type Engine,
  formatExplain,
  type ParameterInput,
  type PushdownMode,
} from '@tributary/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { products, RunningServer } from './support/server.js';

const tables = [
  `CREATE TABLE customers (id INT PRIMARY KEY, name VARCHAR(40) COLLATE utf8mb4_unicode_ci, KEY (name))`,
  "INSERT INTO customers VALUES (1, 'Ann'), (2, 'ann'), (3, 'Änn'), (4, 'Ann '), (5, NULL)",
  'CREATE TABLE orders (id INT PRIMARY KEY, customer INT, amount DECIMAL(10,2), KEY (customer))',
  'INSERT INTO orders VALUES (1, 1, 10.50), (2, 1, 5.25), (3, 2, 100.00), (4, 3, 1.00), (5, NULL, 7.00)',
  'CREATE TABLE pairs (id INT PRIMARY KEY, x INT, y DATE, KEY (x, y))',
  "INSERT INTO pairs VALUES (1, NULL, '2000-01-01'), (2, 1, '2000-01-01'), (3, 1, '2001-01-01'), (4, 2, NULL), (5, NULL, NULL)",
  'CREATE DATABASE archive',
  'CREATE TABLE archive.orders (id INT PRIMARY KEY, customer INT, amount DECIMAL(10,2))',
  'INSERT INTO archive.orders VALUES (1, 4, 2.00)',
  'ANALYZE TABLE customers, orders, archive.orders',
];

describe.each(products)('an engine over %s', (product) => {
  let server: RunningServer;
  let engine: Engine;

  beforeAll(async () => {
    server = await RunningServer.open(product);
    for (const sql of tables) await server.admin.query(sql);
    engine = await createEngine({ sources: [server.source()] });
  }, 60_000);

  afterAll(async () => {
    await engine?.close();
    await server?.[Symbol.asyncDispose]();
  });

  async function rows(
    sql: string,
    params: readonly ParameterInput[] = [],
    pushdown: PushdownMode = 'auto',
  ): Promise<readonly unknown[]> {
    const result = await engine.query(sql, { params: [...params], pushdown });
    return (await result.rows()).map((row) => Object.values(row).map(String));
  }

  test('a name is what its bytes are, not what its collation makes of it', async () => {
    const sql = `SELECT c.id, sum(o.amount) FROM my.shop.customers c JOIN my.shop.orders o ON o.customer = c.id
      WHERE c.name = $1 GROUP BY c.id`;
    expect(await rows(sql, ['Ann'])).toEqual([['1', '15.75']]);
    const explained = formatExplain(await engine.explain(sql, { params: ['Ann'] }), 'text');
    expect(explained).toContain('one source runs all of it');
    expect(explained).not.toContain('Ann');
    expect(await rows('SELECT count(DISTINCT name) FROM my.shop.customers')).toEqual([['4']]);
    expect(await rows('SELECT name FROM my.shop.customers ORDER BY name DESC NULLS LAST')).toEqual([
      ['Änn'],
      ['ann'],
      ['Ann '],
      ['Ann'],
      ['null'],
    ]);
  });

  test('a sub-select is not answered for one name with what it said of another that is equal by collation', async () => {
    const sql = `SELECT c.id FROM my.shop.customers c
      WHERE NOT EXISTS (SELECT 1 FROM my.shop.customers d WHERE d.name = c.name AND d.id < 2)`;
    expect((await rows(sql)).toSorted()).toEqual([['2'], ['3'], ['4'], ['5']]);
    expect(formatExplain(await engine.explain(sql), 'text')).toContain('one source runs all of it');
  });

  test('an index of two columns finds NULL in one of them', async () => {
    const sql = `SELECT a.id AS a, b.id AS b FROM my.shop.pairs a JOIN my.shop.pairs b ON a.x IS NOT DISTINCT FROM b.x AND a.y = b.y`;
    expect((await rows(sql, [], 'require')).map(String).toSorted()).toEqual(['1,1', '2,2', '3,3']);
  });

  test('two databases of one server are joined there', async () => {
    const sql = `SELECT c.name FROM my.archive.orders o JOIN my.shop.customers c ON c.id = o.customer`;
    expect(await rows(sql)).toEqual([['Ann ']]);
    expect(formatExplain(await engine.explain(sql), 'text')).toContain('one source runs all of it');
  });

  test('parameters in LIMIT and OFFSET', async () => {
    expect(await rows('SELECT id FROM my.shop.orders ORDER BY id LIMIT $1 OFFSET $2', [2, 1])).toEqual([
      ['2'],
      ['3'],
    ]);
  });

  test('what needs a parameter that the server has no value for is not asked there', async () => {
    const sql = 'SELECT id FROM my.shop.orders WHERE id > $1 AND CAST(amount AS DOUBLE) > $2';
    const params = [3, { type: { id: 'double' }, value: '-inf' }] as const;
    expect(await rows(sql, params)).toEqual([['4'], ['5']]);
    const explained = await engine.explain(sql, { params });
    expect(formatExplain(explained, 'text')).toContain('VALUE_NOT_IN_SOURCE');
    expect(explained.fragments[0]?.native).toContain('WHERE');
  });

  test('a text that looks like SQL stays a text', async () => {
    const nasty = `\\' OR 1=1 -- ? \` "`;
    expect(await rows('SELECT count(*) FROM my.shop.customers WHERE name = $1', [nasty])).toEqual([['0']]);
    expect(await rows('SELECT $1 || name FROM my.shop.customers WHERE id = 1', [nasty])).toEqual([
      [`${nasty}Ann`],
    ]);
  });

  test('a column without a match is NULL, and an empty sum too', async () => {
    expect(
      await rows(`SELECT c.id, (SELECT sum(o.amount) FROM my.shop.orders o WHERE o.customer = c.id) AS total
        FROM my.shop.customers c WHERE c.id > 2 ORDER BY 1`),
    ).toEqual([
      ['3', '1.00'],
      ['4', 'null'],
      ['5', 'null'],
    ]);
  });

  test('a constant among the group keys is one in HAVING too', async () => {
    const sql = `SELECT total FROM (SELECT 'x' AS name, max(amount) AS total FROM my.shop.orders GROUP BY 1) AS q
      WHERE CASE WHEN name >= 'a' THEN total > 5 ELSE name < name END`;
    expect(await rows(sql)).toEqual([['100.00']]);
    expect(formatExplain(await engine.explain(sql), 'text')).toContain('one source runs all of it');
    expect(await rows(sql.replace('GROUP', 'WHERE id < 0 GROUP'))).toEqual([]);
  });

  test('a group key that is text may be asked for beside what is computed of the group', async () => {
    const sql = `SELECT ids FROM (SELECT name, max(id) AS ids FROM my.shop.customers GROUP BY name) AS q
      WHERE ids > 4 OR name NOT LIKE 'A%'`;
    expect((await rows(sql)).toSorted()).toEqual([['2'], ['3'], ['5']]);
    expect(formatExplain(await engine.explain(sql), 'text')).toContain('one source runs all of it');
  });

  test('an empty set of keys asks for nothing', async () => {
    const sql = `SELECT o.id FROM (VALUES (7), (8)) AS k(id) JOIN my.shop.orders o ON o.customer = k.id`;
    expect(await rows(sql)).toEqual([]);
  });
});
