import { TributaryError } from '@tributary/contract';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DescribedSource } from '../test/bind/described-source.js';
import { MemorySource } from '../test/execute/memory-source.js';
import { type Engine, createEngine } from './engine.js';

const bigint = { id: 'bigint' } as const;
const varchar = { id: 'varchar' } as const;

let engine: Engine;

beforeEach(async () => {
  const shop = new DescribedSource('shop', {
    'public.orders': { id: bigint },
    'Audit.log': { at: varchar },
    'public.tables': { seats: bigint },
  });
  engine = await createEngine({
    sources: [shop, new DescribedSource('lake', { events: { kind: varchar } })],
  });
});

afterEach(async () => {
  await engine.close();
});

/** The first column. */
async function firsts(sql: string): Promise<readonly unknown[]> {
  await using result = await engine.query(sql);
  const [column] = result.columns;
  return (await result.rows()).map((row) => row[column?.name ?? '']);
}

async function errorOf(sql: string): Promise<TributaryError> {
  const error: unknown = await engine.query(sql).catch((e: unknown) => e);
  if (error instanceof TributaryError) return error;
  throw new Error(`expected a TributaryError of ${sql}`);
}

describe('a table that is called as a list of what there is', () => {
  test.each([
    'DESCRIBE "tables"',
    'describe /* the /* real */ one */ "Tables";',
    'DESC tables',
    'SHOW "tables"',
    'DESCRIBE shop.tables',
  ])('%s', async (sql) => {
    expect(await firsts(sql)).toEqual(['seats']);
  });

  test.each(['SHOW TABLES', 'show /* all /* of */ them */ tables'])('%s', async (sql) => {
    expect(await firsts(sql)).toEqual([
      'lake.events',
      'shop."Audit".log',
      'shop.public.orders',
      'shop.public.tables',
    ]);
  });

  test('may be a view', async () => {
    await engine.query('create view "databases" as select 1 as one');
    expect(await firsts('describe "databases"')).toEqual(['one']);
    expect(await firsts('desc databases')).toEqual(['one']);
    expect(await firsts('show databases')).toEqual(['lake', 'shop']);
  });

  test.each(['summarize "tables"', 'summarize tables', 'summarize memory.tables'])('%s', async (sql) => {
    const tables = [{ name: 'seats', type: bigint, values: [1n, 4n] }];
    await using memory = await createEngine({ sources: [new MemorySource('memory', { tables })] });
    expect(await (await memory.query(sql)).rows()).toMatchObject([{ column_name: 'seats', max: '4' }]);
  });

  test('is not there', async () => {
    expect(await firsts('desc databases')).toEqual(['lake', 'shop']);
    for (const sql of ['describe "databases"', 'summarize databases']) {
      expect(await errorOf(sql)).toMatchObject({ code: 'SQL.UNKNOWN_TABLE', position: sql.indexOf(' ') + 1 });
    }
  });
});

describe('SHOW TABLES FROM', () => {
  test.each([
    ['SHOW TABLES FROM SHOP', ['"Audit".log', 'public.orders', 'public.tables']],
    ['SHOW TABLES FROM Shop.PUBLIC', ['orders', 'tables']],
    ['SHOW TABLES FROM shop.audit', ['log']],
    ['SHOW TABLES FROM lake.main', ['events']],
  ])('%s', async (sql, names) => {
    expect(await firsts(sql)).toEqual(names);
  });

  test.each([
    ['SHOW TABLES FROM shop.nope', 'Source "shop" has no table in a schema "nope".', ['public', 'Audit']],
    ['SHOW TABLES FROM lake.nope', 'Source "lake" has no table in a schema "nope".', ['main']],
    ['SHOW TABLES FROM nope', 'There is no source "nope".', ['shop', 'lake']],
  ])('%s', async (sql, message, candidates) => {
    expect(await errorOf(sql)).toMatchObject({ code: 'SQL.UNKNOWN_TABLE', message, candidates });
  });
});

test('the schema that SHOW names for a source without schemas is one that statements may write', async () => {
  await using listed = await engine.query('SHOW ALL TABLES');
  for (const { database, schema, name } of await listed.rows()) {
    const table = [database, schema, name].map((part) => `"${String(part)}"`).join('.');
    expect(await firsts(`DESCRIBE ${table}`)).toHaveLength(1);
  }
  expect(await firsts('DESCRIBE lake.Main.EVENTS')).toEqual(['kind']);
  expect(await errorOf('DESCRIBE shop.main.orders')).toMatchObject({ code: 'SQL.UNKNOWN_TABLE' });
});

describe('what is no table', () => {
  test.each([
    'SELECT * FROM (SHOW TABLES)',
    'with t as (from (show all tables)) select name from t',
    'from (show tables from shop)',
    '(show databases)',
    'from (describe "tables")',
  ])('%s', async (sql) => {
    expect(await errorOf(sql)).toMatchObject({
      code: 'SQL.UNSUPPORTED_STATEMENT',
      message: expect.stringMatching(/^SHOW .* statement of its own/),
    });
  });

  test.each(['DESCRIBE orders', 'SHOW TABLES', 'summarize orders', 'desc "tables"'])(
    'CREATE VIEW w AS %s',
    async (query) => {
      const expected = {
        code: 'SQL.UNSUPPORTED_STATEMENT',
        message: expect.stringMatching(/made of a SELECT/),
      };
      expect(await errorOf(`CREATE VIEW w AS ${query}`)).toMatchObject(expected);
      const sources = [new DescribedSource('lake', { orders: { kind: varchar } })];
      await expect(createEngine({ sources, views: { w: query } })).rejects.toMatchObject(expected);
    },
  );

  test('CREATE VIEW w AS FROM (DESCRIBE orders)', async () => {
    await engine.query('CREATE VIEW w AS FROM (DESCRIBE orders)');
    expect(await firsts('FROM w')).toEqual(['id']);
  });
});
