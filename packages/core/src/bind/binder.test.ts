import { type Rel, TributaryError, visitRel } from '@tributary/contract';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DescribedSource } from '../../test/bind/described-source.js';
import { InMemoryFederatedDataSourceRegistry } from '../registry/index.js';
import { Binder, type BoundStatement } from './binder.js';
import { SchemaCache } from './schema-cache.js';

const bigint = { id: 'bigint' } as const;
const varchar = { id: 'varchar' } as const;
const never = new AbortController().signal;

let shop: DescribedSource;
let binder: Binder;
let schemas: SchemaCache;

beforeEach(async () => {
  shop = new DescribedSource('shop', {
    'public.orders': { id: bigint, customer: varchar, Total: { id: 'decimal', precision: 12, scale: 2 } },
    'audit.orders_log': { id: bigint },
    'public.Odd "name"': { 'a b': bigint, 'A B': bigint },
  });
  const lake = new DescribedSource('lake', {
    events: { id: bigint, v: { id: 'double' } },
    orders_log: { id: bigint },
  });
  schemas = new SchemaCache(() => 1000);
  binder = await Binder.create(new InMemoryFederatedDataSourceRegistry([shop, lake]), schemas);
});

afterEach(() => {
  binder.close();
});

const bind = (sql: string, params: Parameters<Binder['bind']>[1] = new Map()): Promise<BoundStatement> =>
  binder.bind(sql, params, never);

function scansOf(statement: BoundStatement): readonly string[] {
  const scans: string[] = [];
  if (statement.body.kind !== 'plan') return scans;
  visitRel(statement.body.relation, (rel: Rel) => {
    if (rel.kind === 'scan') scans.push([rel.source, ...rel.table].join('.'));
  });
  return scans;
}

async function errorOf(work: Promise<unknown>): Promise<TributaryError> {
  const error: unknown = await work.then(
    () => undefined,
    (e: unknown) => e,
  );
  if (!(error instanceof TributaryError)) throw new Error(`expected a TributaryError, got ${String(error)}`);
  return error;
}

describe('names', () => {
  test.each([
    ['select * from shop.public.orders', ['shop.public.orders']],
    ['select * from shop.orders', ['shop.public.orders']],
    ['select * from orders', ['shop.public.orders']],
    ['select * from SHOP.Public.ORDERS', ['shop.public.orders']],
    ['select * from public.orders', ['shop.public.orders']],
    ['select * from lake.events e join shop.orders o using (id)', ['lake.events', 'shop.public.orders']],
    ['select "a b", "A B_1" from shop."Odd ""name"""', ['shop.public.Odd "name"']],
    ['with orders as (select * from orders) select * from orders', ['shop.public.orders']],
    ['with c as (select 1 as id) select * from c join events using (id)', ['lake.events']],
  ])('%s', async (sql, scans) => {
    expect(scansOf(await bind(sql)).toSorted()).toEqual(scans.toSorted());
  });

  test('an unknown table has candidates and a position in characters', async () => {
    const error = await errorOf(bind("select 'é' from shop.odrers"));
    expect(error).toMatchObject({ code: 'SQL.UNKNOWN_TABLE', position: 16 });
    expect(error.candidates).toContain('shop.public.orders');
  });

  test('a name in two sources is ambiguous', async () => {
    const error = await errorOf(bind('select * from orders_log'));
    expect(error.code).toBe('SQL.AMBIGUOUS_TABLE');
    expect(error.candidates).toEqual(['shop.audit.orders_log', 'lake.orders_log']);
  });

  test('an unknown column names its position', async () => {
    expect(await errorOf(bind('select nope from orders'))).toMatchObject({ code: 'SQL.BIND', position: 7 });
  });

  test.each([
    ['select custmer from orders', 'Referenced column "custmer" not found in FROM clause!', ['customer']],
    ['select o.custmer from orders o', 'Table "o" does not have a column named "custmer"', ['customer']],
    ['select p.id from orders o', 'Referenced table "p" not found!', ['o']],
    ['select lenth(customer) from orders', 'Scalar Function with name lenth does not exist!', ['length']],
  ])("%s: DuckDB's suggestions are candidates", async (sql, message, candidates) => {
    expect(await errorOf(bind(sql))).toMatchObject({ message, candidates });
  });
});

describe('what does not run', () => {
  test.each([
    ['selec 1', 'SQL.SYNTAX'],
    ['select 1; select 2', 'SQL.UNSUPPORTED_STATEMENT'],
    ['create table t(a int)', 'SQL.UNSUPPORTED_STATEMENT'],
    ['set threads = 4', 'SQL.UNSUPPORTED_STATEMENT'],
    ['explain select 1', 'SQL.UNSUPPORTED_STATEMENT'],
    ["select * from read_csv('/etc/passwd')", 'SQL.FORBIDDEN'],
    ["select * from read_text('/etc/passwd')", 'SQL.FORBIDDEN'],
    ['select * from duckdb_settings()', 'SQL.FORBIDDEN'],
    ["copy (select 1) to '/tmp/tributary-copied.csv'", 'SQL.UNSUPPORTED_STATEMENT'],
    ["attach '/tmp/tributary-attached.db' as x", 'SQL.UNSUPPORTED_STATEMENT'],
    ['select rowid from orders', 'SQL.BIND'],
    ['pivot orders on customer in ($1) using count(*)', 'SQL.UNSUPPORTED_STATEMENT'],
    ['pivot orders on customer using count(*)', 'SQL.UNSUPPORTED_STATEMENT'],
    ['select * from lake', 'SQL.UNKNOWN_TABLE'],
  ])('%s', async (sql, code) => {
    expect((await errorOf(bind(sql))).code).toBe(code);
  });
});

describe('parameters', () => {
  test('take the type of their surroundings', async () => {
    const { parameters, typed } = await bind('select * from orders where id = $id and "Total" > $least');
    expect(typed).toBe(false);
    expect(parameters).toEqual([
      { name: 'id', type: bigint },
      { name: 'least', type: { id: 'decimal', precision: 12, scale: 2 } },
    ]);
  });

  test('take the type of their value where there is no other', async () => {
    const given = new Map([['x', { type: { id: 'integer' }, value: '5' } as const]]);
    const { parameters, typed } = await bind('select $x as x, $x + 1', given);
    expect(typed).toBe(true);
    expect(parameters).toEqual([{ name: 'x', type: { id: 'integer' } }]);
    expect((await errorOf(bind('select $x'))).code).toBe('SQL.PARAMETER');
  });
});

describe('views', () => {
  test('expand to their tables, and follow a changed schema', async () => {
    await binder.createView(
      { name: 'big', query: 'select id from orders where "Total" > 100' },
      false,
      never,
    );
    await binder.createView(
      { name: 'pairs', query: 'select * from big join lake.events using (id)' },
      false,
      never,
    );
    const statement = await bind('select * from pairs');
    expect(scansOf(statement).toSorted()).toEqual(['lake.events', 'shop.public.orders']);
    expect((await statement.views()).map((view) => view.name)).toEqual(['big', 'pairs']);
    shop.setTable('public.orders', { id: varchar, customer: varchar, Total: bigint });
    schemas.forget('shop');
    await binder.forget('shop');
    const again = await bind('select id from big');
    expect(again.output).toEqual([{ name: 'id', type: varchar }]);
  });

  test('cannot be defined twice, nor dropped when they are not there', async () => {
    await binder.declareView({ name: 'once', query: 'select 1 as one' });
    expect((await errorOf(binder.createView({ name: 'ONCE', query: 'select 2' }, false, never))).code).toBe(
      'SQL.BIND',
    );
    await binder.createView({ name: 'once', query: 'select 2 as two' }, true, never);
    expect((await bind('select two from once')).output.map((c) => c.name)).toEqual(['two']);
    await binder.dropView('once', false);
    expect((await errorOf(binder.dropView('once', false))).code).toBe('SQL.UNKNOWN_TABLE');
    await binder.dropView('once', true);
  });

  test('are declared without asking a source', async () => {
    await binder.declareView({ name: 'lazy', query: 'select id from shop.orders' });
    expect(shop.asked).toEqual([]);
    expect(scansOf(await bind('select * from lazy'))).toEqual(['shop.public.orders']);
    expect((await errorOf(binder.declareView({ name: 'bad', query: 'selec 1' }))).code).toBe('SQL.SYNTAX');
  });
});

describe('DESCRIBE', () => {
  /** The names and types in its rows. */
  async function described(sql: string): Promise<unknown> {
    const { body, tables, describes } = await bind(sql);
    expect({ tables, describes }).toEqual({ tables: [], describes: true });
    let rows: unknown;
    if (body.kind === 'plan') {
      visitRel(body.relation, (rel) => {
        if (rel.kind !== 'values') return;
        rows = rel.rows.map((row) => row.slice(0, 3).map((cell) => cell.kind === 'literal' && cell.value));
      });
    }
    return rows;
  }

  test.each(['describe orders', 'desc shop.public.orders', 'show orders', 'from (describe orders)'])(
    '%s',
    async (sql) => {
      expect(await described(sql)).toEqual([
        ['id', 'BIGINT', 'YES'],
        ['customer', 'VARCHAR', 'YES'],
        ['Total', 'DECIMAL(12,2)', 'YES'],
      ]);
    },
  );

  test('of a query, over a table that is read too', async () => {
    const { describes, tables } = await bind(
      'select (select count(*) from (describe select 1 as one, v from events)), id from orders',
    );
    expect([describes, tables.map((t) => t.table.source)]).toEqual([true, ['shop']]);
    expect(await described('describe select 1 as one, v from events')).toEqual([
      ['one', 'INTEGER', 'YES'],
      ['v', 'DOUBLE', 'YES'],
    ]);
  });

  test('follows a changed schema as soon as that is known', async () => {
    await described('describe orders');
    shop.setTable('public.orders', { id: varchar });
    schemas.forget('shop');
    expect(await described('describe orders')).toEqual([['id', 'VARCHAR', 'YES']]);
  });
});

describe("the answer's columns", () => {
  test.each([
    ['select id, id as "Own", customer "c d" from orders', ['id', 'Own', 'c d']],
    ['select * from orders', ['id', 'customer', 'Total']],
    ["select id as it, 'it''s' as s from orders; -- it's", ['it', 's']],
    // What DuckDB drops from the plan, and names that it makes of a text.
    ['select id::bigint, coalesce(customer) from orders', ['CAST(id AS BIGINT)', 'COALESCE(customer)']],
    [
      'select (select max(id) as m from orders), count(*)',
      ['(SELECT max(id) AS m FROM orders)', 'count_star()'],
    ],
    // What a table of these columns could not have.
    ['select id, id, id as id_1 from orders', ['id', 'id', 'id_1']],
    ['select id as a, a from orders', ['a', 'a']],
    ['select customer as c from orders order by id', ['c']],
    ['select $1::bigint as p', ['p']],
  ])('%s', async (sql, names) => {
    expect((await bind(sql)).output.map((column) => column.name)).toEqual(names);
  });

  test('a bare NULL has the type that DuckDB gives it', async () => {
    const { output } = await bind('select null as n, customer from orders');
    expect(output).toEqual([
      { name: 'n', type: { id: 'integer' } },
      { name: 'customer', type: varchar },
    ]);
  });
});

describe('what the IR cannot say', () => {
  test('runs as text over the columns it needs', async () => {
    const { body, tables } = await bind('select * from (select id from orders) using sample 3 rows');
    expect(body.kind).toBe('text');
    expect(tables.map((t) => [t.stub.join('.'), t.columns])).toEqual([['memory.main.orders', [0]]]);
  });
});

test('literals keep every digit', async () => {
  const { body } = await bind(
    'select 9223372036854775807, 18446744073709551615, 123456789012345678901234567890123456, -1.05, 1e300',
  );
  if (body.kind !== 'plan' || body.relation.kind !== 'project') throw new Error('expected a projection');
  expect(body.relation.columns.map((c) => (c.expr.kind === 'literal' ? c.expr.value : c.expr.kind))).toEqual([
    '9223372036854775807',
    '18446744073709551615',
    '123456789012345678901234567890123456',
    '-1.05',
    '1e+300',
  ]);
});

test('a source that does not answer delays only who asks for it', async () => {
  const slow = new DescribedSource('slow', { t: { id: bigint } });
  let answer: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const describeTable = slow.describeTable.bind(slow);
  slow.describeTable = async (path, ctx) => {
    await asked;
    return describeTable(path, ctx);
  };
  const own = await Binder.create(new InMemoryFederatedDataSourceRegistry([slow, shop]), schemas);
  const waiting = own.bind('select * from slow.t', new Map(), never);
  expect(scansOf(await own.bind('select * from shop.orders', new Map(), never))).toEqual([
    'shop.public.orders',
  ]);
  answer();
  expect(scansOf(await waiting)).toEqual(['slow.t']);
  own.close();
});
