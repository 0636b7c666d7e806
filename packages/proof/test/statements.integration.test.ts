import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLakeSource } from '@tributary/connector-duckdb-s3';
import { createPostgresSource } from '@tributary/connector-postgres';
import { answer, comparedModes } from '@tributary/connector-testkit/generate';
import { TributaryError } from '@tributary/contract';
import { type Engine, createEngine } from '@tributary/core';
import {
  type PlainDuckDB,
  type PostgresServer,
  compareRows,
  openPlainDuckDB,
  startPostgres,
} from '@tributary/testbed';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answered, refused } from './support/statements.js';

let server: PostgresServer;
let duckdb: PlainDuckDB;
let engine: Engine;
let folder: string;

const orders = `orders (id INTEGER NOT NULL, customer VARCHAR, total DECIMAL(8,2), day DATE, region VARCHAR)`;
const orderRows = `(1, 'ann', 10.50, DATE '2024-01-01', 'n'), (2, 'bob', 20.25, DATE '2024-01-02', 's'),
  (3, 'ann', NULL, DATE '2024-01-05', 'n'), (4, NULL, 5.00, DATE '2024-02-01', 's'), (5, 'cy', 7.75, NULL, 'e')`;

const lakeTables = {
  events: `SELECT * FROM (VALUES (1, 'view', TIMESTAMP '2024-01-01 10:00:00', 1.5),
    (1, 'buy', TIMESTAMP '2024-01-01 11:00:00', 2.5), (3, 'buy', TIMESTAMP '2024-01-05 09:00:00', 3.5),
    (9, 'view', TIMESTAMP '2024-01-07 00:00:00', 4.5), (2, 'view', NULL, NULL)) AS v(order_id, kind, seen, amount)`,
  nested: `SELECT 1 AS id, {'a': 1, 'b': 'x'} AS s, [1, 2, 3] AS l, MAP {'k': 1} AS m
    UNION ALL SELECT 2, {'a': 2, 'b': NULL}, [4], MAP {'k': 2}`,
} as const;

beforeAll(async () => {
  server = await startPostgres();
  duckdb = await openPlainDuckDB();
  folder = await mkdtemp(join(tmpdir(), 'tributary-statements-'));
  const client = new Client(server.url);
  await client.connect();
  await client.query(`CREATE TABLE ${orders}`);
  await client.query(`INSERT INTO orders VALUES ${orderRows}`);
  await client.query('ANALYZE');
  await client.end();
  for (const source of ['shop', 'lake']) await duckdb.run(`ATTACH ':memory:' AS ${source}`);
  await duckdb.run(`CREATE TABLE shop.${orders}`);
  await duckdb.run(`INSERT INTO shop.orders VALUES ${orderRows}`);
  for (const [name, sql] of Object.entries(lakeTables)) {
    await duckdb.run(`CREATE TABLE lake.${name} AS ${sql}`);
    await duckdb.run(`COPY lake.${name} TO '${join(folder, `${name}.parquet`)}'`);
  }
  engine = await open();
});

afterAll(async () => {
  await engine.close();
  await duckdb[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

function open(): Promise<Engine> {
  return createEngine({
    sources: [createPostgresSource('shop', { url: server.url }), createLakeSource('lake', { root: folder })],
    memoryLimit: '500MB',
  });
}

async function errorOf(sql: string, asked: Engine): Promise<TributaryError> {
  const error: unknown = await answer(asked, sql).catch((e: unknown) => e);
  if (error instanceof TributaryError) return error;
  throw new Error(`expected a TributaryError, got ${JSON.stringify(error)}`);
}

it.each(answered)('%s', async (sql) => {
  const expected = await duckdb.query(sql);
  for (const pushdown of comparedModes) {
    const { columns, rows } = await answer(engine, sql, { pushdown });
    expect(columns.map(({ name }) => name)).toEqual(expected.columns.map(({ name }) => name));
    expect(compareRows(rows, expected.rows), `pushdown ${pushdown}`).toBeUndefined();
  }
});

describe('refused with what to write instead', () => {
  it.each(refused)('%s', async (sql, code, message, fix) => {
    const error = await errorOf(sql, engine);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.fix).toMatch(fix);
  });

  it('is the same for an engine that knows no table yet', async () => {
    await using fresh = await open();
    for (const [sql, code, message, fix] of refused) {
      const error = await errorOf(sql, fresh);
      expect([error.code, message.test(error.message), fix.test(error.fix)], sql).toEqual([code, true, true]);
    }
  });
});

describe('SHOW', () => {
  it.each([
    ['SHOW TABLES', ['name'], [['lake.events'], ['lake.nested'], ['shop.public.orders']]],
    ['SHOW TABLES FROM shop', ['name'], [['public.orders']]],
    ['/* those */ show tables from shop.public; -- and no others', ['name'], [['orders']]],
    [
      'SHOW SCHEMAS',
      ['database_name', 'schema_name', 'current'],
      [
        ['lake', 'main', false],
        ['shop', 'public', false],
      ],
    ],
    ['SHOW DATABASES', ['database_name'], [['lake'], ['shop']]],
  ])('%s', async (sql, columns, rows) => {
    for (const pushdown of comparedModes) {
      await using result = await engine.query(sql, { pushdown });
      expect(result.columns.map(({ name }) => name)).toEqual(columns);
      expect((await result.rows()).map((row) => columns.map((column) => row[column]))).toEqual(rows);
    }
  });

  it.each(['SHOW ALL TABLES', 'DESCRIBE'])('%s', async (sql) => {
    const rows = await (await engine.query(sql)).rows();
    expect(rows.map(({ database, schema, name }) => [database, schema, name])).toEqual([
      ['lake', 'main', 'events'],
      ['lake', 'main', 'nested'],
      ['shop', 'public', 'orders'],
    ]);
    expect(rows[0]).toMatchObject({
      column_names: ['order_id', 'kind', 'seen', 'amount'],
      column_types: ['INTEGER', 'VARCHAR', 'TIMESTAMP', 'DECIMAL(2,1)'],
      temporary: false,
    });
  });

  it('names the views too, and each name can be described', async () => {
    await engine.query('CREATE VIEW "Big ones" AS SELECT * FROM shop.orders WHERE total > 10');
    const names = (await (await engine.query('SHOW TABLES')).rows()).map(({ name }) => String(name));
    expect(names).toContain('"Big ones"');
    for (const name of names) {
      expect(await (await engine.query(`DESCRIBE ${name}`)).rows()).not.toEqual([]);
    }
    await engine.query('DROP VIEW "Big ones"');
  });
});
