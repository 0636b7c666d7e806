import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLakeSource } from '@tributary/connector-duckdb-s3';
import { createPostgresSource } from '@tributary/connector-postgres';
import { answer, comparedModes } from '@tributary/connector-testkit/generate';
import { type Engine, type ExplainKeySet, createEngine, formatExplain } from '@tributary/core';
import {
  type PlainDuckDB,
  type PostgresServer,
  compareRows,
  openPlainDuckDB,
  startPostgres,
} from '@tributary/testbed';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const manyRows = 150_000;

/** How a key column of each type is made of the number `i`, in a way that DuckDB and PostgreSQL agree on. */
const keyTypes = {
  n: ['bigint', 'i'],
  t: ['text', `'k''"\\é' || i::text`],
  u: ['uuid', 'md5(i::text)'],
  dt: ['date', `DATE '1999-01-01' + (i % 20000)::int`],
  de: ['decimal(18,3)', 'i::decimal(18,3) / 8'],
  ts: ['timestamp', `TIMESTAMP '2001-02-03 04:05:06' + i * INTERVAL '1 second'`],
} as const;

const keyColumns = Object.entries(keyTypes).map(
  ([name, [type, sql]]) => `CAST(${sql} AS ${type}) AS ${name}`,
);

let server: PostgresServer;
let duckdb: PlainDuckDB;
let engine: Engine;
let folder: string;

/** Keys spread over the large table; every seventh key is not in it. Not all of them may be those of rows without keys. */
function keysSql(count: number, nulls = 0): string {
  const even = Math.floor((manyRows * 7) / 6 / count);
  const step = even % 10 === 0 ? even + 1 : even;
  const columns = keyColumns.join(', ');
  const list = Object.keys(keyTypes).map(() => 'NULL');
  const rows = `SELECT ${columns} FROM (SELECT (j * ${step})::bigint AS i FROM generate_series(1, ${count}) AS s(j)) AS numbers`;
  return nulls === 0
    ? rows
    : `${rows} UNION ALL SELECT ${list.join(', ')} FROM generate_series(1, ${nulls}) AS nothing`;
}

/** Neighbouring types: small numbers and days, of which the larger types have more. */
function typedSql(rows: number, step: number): string {
  return `SELECT CAST(i % 30000 AS smallint) AS i2, CAST(i AS integer) AS i4, CAST(i AS bigint) * (CASE WHEN i % 5 = 0 THEN 4294967296 ELSE 1 END) AS i8,
    CAST(i AS decimal(10,0)) AS d0, CAST(i AS decimal(18,3)) + (i % 3) * 0.125 AS d3,
    DATE '2000-01-01' + CAST(i % 9000 AS integer) AS da, TIMESTAMP '2000-01-01' + i * INTERVAL '12 hours' AS ts
  FROM (SELECT j * ${step} - 3 AS i FROM generate_series(1, ${rows}) AS s(j)) AS numbers`;
}

const keyTables = {
  typed: `${typedSql(12, 1001)} UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL`,
  most: typedSql(30_000, 1),
  keys10: keysSql(10),
  keys1000: keysSql(1000),
  keys10000: keysSql(10_000),
  nulls: keysSql(50, 20),
  twice: `${keysSql(10)} UNION ALL ${keysSql(10)}`,
  none: `${keysSql(10)} WHERE i < 0`,
} as const;

beforeAll(async () => {
  server = await startPostgres();
  duckdb = await openPlainDuckDB();
  folder = await mkdtemp(join(tmpdir(), 'tributary-keys-'));
  const client = new Client(server.url);
  await client.connect();
  // Every tenth row has no keys at all.
  const nullable = Object.entries(keyTypes).map(
    ([name, [type, sql]]) =>
      `CAST(CASE WHEN i % 10 <> 0 THEN CAST(${sql} AS ${type}) END AS ${type}) AS ${name}`,
  );
  const many = `SELECT i::bigint AS id, ${nullable.join(', ')}, (i % 100)::int AS part FROM generate_series(1, ${manyRows}) AS s(i)`;
  const tables = { many, ...keyTables };
  for (const [name, sql] of Object.entries(tables)) {
    await client.query(`CREATE TABLE p_${name} AS ${sql}`);
    await duckdb.run(`CREATE TABLE p_${name} AS ${sql}`);
    await duckdb.run(`CREATE TABLE l_${name} AS ${sql}`);
    await duckdb.run(`COPY l_${name} TO '${join(folder, `l_${name}.parquet`)}' (ROW_GROUP_SIZE 10000)`);
  }
  for (const name of Object.keys(keyTypes)) await client.query(`CREATE INDEX ON p_many (${name})`);
  await client.query('ANALYZE');
  await client.end();
  engine = await createEngine({
    sources: [createPostgresSource('shop', { url: server.url }), createLakeSource('lake', { root: folder })],
  });
});

afterAll(async () => {
  await engine.close();
  await duckdb[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Pushed, unpushed and plain answers are the same. @returns what became of the key sets */
async function check(sql: string): Promise<readonly ExplainKeySet[]> {
  const expected = await duckdb.query(sql);
  for (const pushdown of comparedModes) {
    const { rows } = await answer(engine, sql, { pushdown });
    expect(compareRows(rows, expected.rows), `pushdown ${pushdown}: ${sql}`).toBeUndefined();
  }
  const plan = await engine.explain(sql, { analyze: true });
  return plan.keySets;
}

describe('keys from files cut what PostgreSQL sends', () => {
  it.each([
    ['l_keys10', 10],
    ['l_keys1000', 1000],
    ['l_keys10000', 10_000],
  ])('%s', async (table, keys) => {
    const sql = `SELECT count(*), sum(p.id) FROM ${table} k JOIN p_many p ON p.n = k.n`;
    const keySets = await check(sql);
    expect(keySets).toMatchObject([{ keys: ['n'], actual: { outcome: 'sent', keys } }]);
    const plan = await engine.explain(sql, { analyze: true });
    expect(formatExplain(plan, 'text')).toContain(`${keys.toLocaleString('en-US')} keys sent`);
    const consumer = plan.fragments.find(({ sourceId }) => sourceId === 'shop');
    expect(consumer?.actual?.rows).toBeLessThanOrEqual(keys);
  });

  it.each(Object.keys(keyTypes))('of the type of column %s', async (column) => {
    const keySets = await check(
      `SELECT count(*), sum(p.id) FROM l_keys10 k JOIN p_many p ON p.${column} = k.${column}`,
    );
    const { rows } = await duckdb.query(`SELECT count(DISTINCT ${column}) FROM l_keys10`);
    expect(keySets).toMatchObject([
      { keys: [column], actual: { outcome: 'sent', keys: Number(rows[0]?.[0]) } },
    ]);
  });

  it.each([
    ['two columns', 'p.n = k.n AND p.t = k.t', ['n', 't']],
    ['three columns', 'p.n = k.n AND p.u = k.u AND p.de = k.de', ['n', 'u', 'de']],
  ])('of %s', async (_, on, columns) => {
    const keySets = await check(`SELECT count(*), sum(p.id) FROM l_keys1000 k JOIN p_many p ON ${on}`);
    expect(keySets.flatMap(({ actual }) => actual ?? [])).toContainEqual(
      expect.objectContaining({ outcome: 'sent', keys: 1000 }),
    );
    expect(keySets.flatMap(({ keys }) => keys)).toEqual(expect.arrayContaining(columns.slice(0, 1)));
  });

  it('without the NULLs among them', async () => {
    expect(await check('SELECT count(*), sum(p.id) FROM l_nulls k JOIN p_many p ON p.n = k.n')).toMatchObject(
      [{ actual: { outcome: 'sent', keys: 50 } }],
    );
  });

  it('to nothing when there are none', async () => {
    const sql =
      'SELECT count(*), sum(p.id) FROM (SELECT * FROM l_keys10 WHERE n + length(t) < 0) k JOIN p_many p ON p.n = k.n';
    expect(await check(sql)).toMatchObject([{ actual: { outcome: 'empty', keys: 0 } }]);
    const plan = await engine.explain(sql, { analyze: true });
    expect(plan.fragments.find(({ sourceId }) => sourceId === 'shop')?.actual).toMatchObject({
      state: 'skipped',
      rows: 0,
    });
  });

  it.each([
    ['IN', 'SELECT id FROM p_many p WHERE n IN (SELECT n FROM l_keys10)'],
    ['EXISTS', 'SELECT id FROM p_many p WHERE EXISTS (SELECT 1 FROM l_keys10 k WHERE k.t = p.t)'],
    ['a right join', 'SELECT p.id, k.n FROM p_many p RIGHT JOIN l_keys10 k ON p.n = k.n'],
    ['a left join', 'SELECT k.n, p.id FROM l_keys10 k LEFT JOIN p_many p ON p.n = k.n'],
    [
      'duplicates',
      'SELECT count(*), sum(p.id) FROM (SELECT n FROM l_keys10 UNION ALL SELECT n FROM l_keys10) k JOIN p_many p ON p.n = k.n',
    ],
    [
      'a filter beside it',
      `SELECT count(*) FROM l_keys1000 k JOIN p_many p ON p.n = k.n WHERE p.part < 50 AND k.t > 'k'`,
    ],
    ['an aggregate', 'SELECT p.part, count(*) FROM l_keys1000 k JOIN p_many p ON p.n = k.n GROUP BY p.part'],
    ['another type', 'SELECT count(*), sum(p.id) FROM l_keys10 k JOIN p_many p ON p.n = k.n::INTEGER'],
  ])('through %s', async (_, sql) => {
    await check(sql);
  });

  it.each([
    ['i2', 'i4'],
    ['i4', 'i2'],
    ['i4', 'i8'],
    ['i8', 'i4'],
    ['i8', 'i2'],
    ['i2', 'd0'],
    ['d0', 'd3'],
    ['d3', 'd0'],
    ['i2', 'd3'],
    ['d3', 'i2'],
    ['da', 'ts'],
    ['ts', 'da'],
  ])('of type %s for a column of type %s', async (key, column) => {
    const sql = `SELECT p.*, k.${key} FROM l_typed k JOIN p_most p ON p.${column} = k.${key}`;
    expect(await check(sql)).toMatchObject([{ keys: [key], actual: { outcome: 'sent' } }]);
    const { rows } = await duckdb.query(sql);
    expect(rows.length).toBeGreaterThan(2);
    const plan = await engine.explain(sql, { analyze: true });
    expect(plan.fragments.find(({ sourceId }) => sourceId === 'shop')?.actual?.rows).toBe(rows.length);
  });

  it.each([
    ['rows of the other side only', 'SELECT p.part, p.id FROM l_keys1000 k JOIN p_many p ON p.n = k.n'],
    [
      'the keys beside them',
      'SELECT k.n, p.id, p.n AS again, k.t FROM l_keys10 k JOIN p_many p ON p.n = k.n',
    ],
    ['the keys twice', 'SELECT k.n, p.id, k.n AS again FROM l_keys1000 k JOIN p_many p ON p.n = k.n'],
    ['keys that repeat', 'SELECT p.id, k.t FROM l_twice k JOIN p_many p ON p.t = k.t'],
    ['keys that repeat, once each', 'SELECT id FROM p_many WHERE t IN (SELECT t FROM l_twice)'],
    ['NULLs among the keys', 'SELECT p.id FROM l_nulls k JOIN p_many p ON p.u = k.u'],
    ['pairs of keys', 'SELECT p.id, k.t FROM l_keys1000 k JOIN p_many p ON p.n = k.n AND p.t = k.t'],
  ])('and settle a join: %s', async (_, sql) => {
    expect(await check(sql)).toMatchObject([{ actual: { outcome: 'sent' } }]);
    const { rows } = await duckdb.query(sql);
    expect(rows.length).toBeGreaterThan(5);
  });

  it.each([
    ['NOT IN', 'SELECT count(*) FROM p_many WHERE n NOT IN (SELECT n FROM l_keys10)'],
    ['NOT IN with a NULL', 'SELECT count(*) FROM p_many WHERE n NOT IN (SELECT n FROM l_nulls)'],
    [
      'NOT EXISTS',
      'SELECT count(*) FROM p_many p WHERE NOT EXISTS (SELECT 1 FROM l_keys10 k WHERE k.n = p.n)',
    ],
    [
      'the preserved side of an outer join',
      'SELECT count(*), count(k.n) FROM p_many p LEFT JOIN l_keys10 k ON p.n = k.n',
    ],
    [
      'a full join',
      'SELECT count(*), count(k.n), count(p.n) FROM p_many p FULL JOIN l_keys10 k ON p.n = k.n',
    ],
    [
      'rows that equal NULLs too',
      'SELECT count(*) FROM p_many p JOIN l_nulls k ON p.n IS NOT DISTINCT FROM k.n',
    ],
  ])('but not through %s', async (_, sql) => {
    const plan = await engine.explain(sql);
    const large = plan.fragments.find(({ native }) => native.includes('p_many'));
    expect(plan.keySets.filter(({ consumer }) => consumer === large?.id)).toEqual([]);
    await check(sql);
  });
});

describe('keys of rows that another evaluation might not give are those of the rows that are joined', () => {
  it.each([
    ['drawn at random', 'SELECT id FROM l_many WHERE random() < 0.1 LIMIT 500'],
    ['the first of equal rows', 'SELECT id FROM l_many ORDER BY part LIMIT 100'],
    ['one of each group', 'SELECT any_value(id) AS id FROM l_many GROUP BY part'],
    ['numbered among equals', 'SELECT id FROM l_many QUALIFY row_number() OVER (PARTITION BY part) = 1'],
    ['distinct in another column', 'SELECT DISTINCT ON (part) id FROM l_many'],
    [
      'of a narrower type',
      'SELECT CAST(id AS INTEGER) AS id FROM (SELECT id FROM l_many WHERE random() < 0.1 LIMIT 500)',
    ],
    [
      'joined before, by keys that were held',
      `SELECT m.id FROM (SELECT id FROM l_many ORDER BY part LIMIT 500) k JOIN p_many m ON m.id = k.id LIMIT 90`,
    ],
  ])('%s', async (_, producer) => {
    // Every id is there once: a row without its partner is one whose key was not sent.
    const sql = `SELECT count(*), count(p.id) FROM (${producer}) k LEFT JOIN p_many p ON p.id = k.id`;
    const plan = await engine.explain(sql, { analyze: true });
    expect(plan.held.length).toBeGreaterThan(0);
    expect(plan.keySets.map(({ actual }) => actual?.outcome)).not.toContain('too-many-keys');
    expect(plan.keySets.length).toBe(plan.held.length);
    for (let time = 0; time < 5; time++) {
      const { rows } = await answer(engine, sql, {});
      const [[all, matched] = []] = rows;
      expect(Number(all)).toBeGreaterThan(0);
      expect(matched).toEqual(all);
    }
  });
});

describe('keys from PostgreSQL cut what is read of files', () => {
  it.each([
    ['p_keys10', 10],
    ['p_keys1000', 1000],
  ])('%s', async (table, keys) => {
    const keySets = await check(`SELECT count(*), sum(l.id) FROM ${table} k JOIN l_many l ON l.n = k.n`);
    expect(keySets).toMatchObject([{ keys: ['n'], actual: { outcome: 'sent', keys } }]);
  });

  it.each(Object.keys(keyTypes))('of the type of column %s', async (column) => {
    await check(`SELECT count(*), sum(l.id) FROM p_keys10 k JOIN l_many l ON l.${column} = k.${column}`);
  });

  it('to nothing when there are none', async () => {
    const keySets = await check(
      'SELECT count(*), sum(l.id) FROM (SELECT * FROM p_keys10 WHERE n + length(t) < 0) k JOIN l_many l ON l.n = k.n',
    );
    expect(keySets).toMatchObject([{ actual: { outcome: 'empty' } }]);
  });
});

it('more keys than a source takes are not sent, and the answer stays right', async () => {
  // The estimate expects a thousandth of the rows; all of them come.
  const sql = `SELECT count(*), sum(p.id) FROM (SELECT n FROM l_many WHERE length(t) > 0 AND length(t) < 999 AND t LIKE 'k%' AND u::text LIKE '%-%') k JOIN p_many p ON p.n = k.n`;
  for (const { actual } of await check(sql)) expect(actual?.outcome).toBe('too-many-keys');
});

it('a chain of joins over both sources', async () => {
  await check(
    'SELECT count(*), sum(a.id), sum(b.id) FROM l_keys10 k JOIN p_many a ON a.n = k.n JOIN l_many b ON b.id = a.id + 1',
  );
});
