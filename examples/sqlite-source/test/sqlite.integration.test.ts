import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Engine, createEngine } from '@tributary/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sqlite } from '../src/index.js';

const directory = mkdtempSync(join(tmpdir(), 'tributary-sqlite-'));
let engine: Engine;

beforeAll(async () => {
  const file = join(directory, 'shop.db');
  using database = new DatabaseSync(file);
  database.exec(`
    CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE) STRICT;
    CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INTEGER, total REAL, note TEXT, photo BLOB, odd ANY) STRICT;
    CREATE TABLE loose (id INTEGER, anything);
    INSERT INTO customers VALUES (1, 'ann'), (2, 'Ann'), (3, 'bob'), (4, NULL), (5, 'élan'), (6, '😀'), (7, ''),
      (9223372036854775807, 'last'), (-9223372036854775808, 'first');
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
    INSERT INTO orders SELECT i, i % 11, CASE WHEN i % 13 = 0 THEN NULL ELSE i * 1.1 END,
      CASE i % 4 WHEN 0 THEN NULL WHEN 1 THEN 'a' WHEN 2 THEN 'A' ELSE 'it''s 100%_' || i END, x'00ff', i FROM n;
    INSERT INTO orders VALUES (9001, 1, 9e999, NULL, NULL, NULL), (9002, 2, -9e999, '', x'', NULL);
  `);
  engine = await createEngine({ sources: [sqlite.create('db', { file })], memoryLimit: '200MB' });
});

afterAll(async () => {
  await engine.close();
  rmSync(directory, { recursive: true, force: true });
});

type Parameters = readonly (null | string | number | bigint)[];

/** The rows, which must be the same with nothing pushed. */
async function checked(sql: string, params: Parameters = []): Promise<readonly unknown[]> {
  await using pushed = await engine.query(sql, { params });
  await using kept = await engine.query(sql, { params, pushdown: 'off' });
  const rows = await pushed.rows();
  expect(rows).toEqual(await kept.rows());
  return rows;
}

const statements: readonly (readonly [sql: string, params: Parameters])[] = [
  ['select * from db.customers order by id', []],
  ["select id from db.customers where name = 'ann' order by id", []],
  ["select id from db.customers where name in ('ANN', 'bob', 'élan') order by id", []],
  ["select id from db.customers where name > 'a' order by name desc nulls first, id", []],
  ["select id from db.customers where name is distinct from 'Ann' order by id", []],
  ['select name, count(*) from db.customers group by name order by name', []],
  ['select distinct name from db.customers order by name', []],
  ['select id from db.customers where id = 9223372036854775807 or id = -9223372036854775808 order by id', []],
  ['select count(*), count(note), min(id), max(total), min(total) from db.orders', []],
  [
    'select customer, count(*) as n, max(id) from db.orders where total > 100 group by customer order by n desc, 1',
    [],
  ],
  ['select sum(id), avg(total) from db.orders where customer = 3', []],
  ['select id, total from db.orders where total = $1', [11]],
  ['select id, note from db.orders where note = $1 order by id limit 3 offset 2', ['A']],
  ['select id from db.orders where note = $1', [null]],
  ['select id from db.orders where total is null and note is null order by id limit 5', []],
  ["select id, note || '!' as shout, note = 'a' as same from db.orders where id < 6 order by id", []],
  [
    'select c.name, o.id from db.customers c left join db.orders o on o.customer = c.id and o.id < 20 order by 2, 1, c.id',
    [],
  ],
  ['select name from db.customers where id in (select customer from db.orders) order by id', []],
  [
    'select name from db.customers c where not exists (select 1 from db.orders o where o.customer = c.id) order by id',
    [],
  ],
  [
    'select o.id from (values (17::bigint), (4000), (null)) v(k) join db.orders o on o.id = v.k order by 1',
    [],
  ],
  [
    "select c.id, v.x from (values ('ann', 1), ('BOB', 2)) v(n, x) join db.customers c on c.name = v.n order by 1",
    [],
  ],
  ['select count(*) from db.orders, db.customers where customer = db.customers.id and photo is not null', []],
  ['select 1 as one from db.customers limit 2', []],
  ['select random() > 2 as no from db.customers where id > 3', []],
  ['select count(*) from db.customers, (values (1), (2)) v(x)', []],
  ['select id, null as nothing from db.customers order by id', []],
  ['select id from db.customers union all select id from db.orders where id < 5 order by 1', []],
  ["select id from db.customers where (name, id) in (('ann', 1), ('bob', 3)) order by id", []],
  ["select id from db.customers where name like 'A%' order by id", []],
  ['select id, -total as negative from db.orders where id in (13, 14, 9001) order by id', []],
  ['with c as (select id from db.customers) select a.id from c a join c b on a.id = b.id order by 1', []],
];

test.each(statements)('%s', async (sql, params) => {
  await checked(sql, params);
});

describe('pushdown', () => {
  test('joins, aggregates and limits run in SQLite', async () => {
    const { fragments } = await engine.explain(
      'select customer, count(*) n from db.orders o join db.customers c on c.id = o.customer group by customer order by n limit 3',
    );
    expect(fragments).toHaveLength(1);
    expect(fragments[0]?.native).toMatch(/JOIN[\s\S]*GROUP BY[\s\S]*LIMIT 3/);
  });

  test('a small table sends its keys', async () => {
    const { fragments } = await engine.explain(
      'select o.id from (values (17::bigint), (4000)) v(k) join db.orders o on o.id = v.k',
    );
    expect(fragments[0]?.native).toContain('IN (SELECT value FROM json_each(?))');
  });

  test('text is not grouped there: the column folds case', async () => {
    const { decisions } = await engine.explain('select name, count(*) from db.customers group by name');
    expect(decisions).toContainEqual(
      expect.objectContaining({ piece: 'aggregate', outcome: 'kept', code: 'GROUPING_DIFFERS' }),
    );
    expect(await checked("select count(*) as n from db.customers where name = 'ANN'")).toEqual([{ n: 0n }]);
  });
});

describe('tables', () => {
  test('only STRICT ones, without columns of any type', async () => {
    await expect(engine.query('select * from db.loose')).rejects.toMatchObject({ code: 'SQL.UNKNOWN_TABLE' });
    const [row] = await checked('select * from db.orders where id = 1');
    expect(Object.keys(row as object)).toEqual(['id', 'customer', 'total', 'note', 'photo']);
  });

  test.each([
    ['missing.db', 'SOURCE.UNREACHABLE'],
    ['text.db', 'SOURCE.CORRUPT_DATA'],
  ])('%s: %s', async (name, code) => {
    writeFileSync(
      join(directory, 'text.db'),
      'no database, but long enough to be looked at as one '.repeat(99),
    );
    const source = sqlite.create('db', { file: join(directory, name) });
    await expect(source.listTables({ signal: AbortSignal.timeout(10_000) })).rejects.toMatchObject({ code });
  });
});
