import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { duckdbDialect, renderQuery } from '@tributary/contract/render';
import { compareRows, tpchParquet, tpchQuery, tpchQueryNumbers } from '@tributary/testbed';
import { type PlainPlans, openPlainPlans } from '../../test/bind/plain-plans.js';
import { Unimportable } from './json.js';

/**
 * The importer and the renderer check each other: a statement's bound plan, imported and written back as SQL,
 * must answer as the statement does, with columns of the same types.
 */
async function expectRoundTrip(plans: PlainPlans, sql: string): Promise<void> {
  const rendered = renderQuery(await plans.plan(sql), { dialect: duckdbDialect });
  const expected = await plans.query(sql);
  const actual = await plans.query(rendered.sql);
  expect(actual.types).toEqual(expected.types);
  const ordered = /\border by [^()]*$/i.test(sql);
  expect(compareRows(actual.rows, expected.rows, { ordered }), rendered.sql).toBeUndefined();
}

function statements(file: string): readonly string[] {
  const text = readFileSync(new URL(`../../test/bind/${file}`, import.meta.url), 'utf8');
  return text.split(/;\n/).filter((statement) => statement !== '');
}

describe('every form of SELECT', () => {
  let plans: PlainPlans;
  beforeAll(async () => {
    plans = await openPlainPlans(statements('tables.sql'));
  });
  afterAll(() => plans[Symbol.asyncDispose]());

  test.each(statements('statements.sql'))('%s', async (sql) => {
    await expectRoundTrip(plans, sql);
  });

  test('a scalar subquery of several rows fails as it does in DuckDB', async () => {
    const { sql } = renderQuery(await plans.plan('select id, (select x from nn) from o'), {
      dialect: duckdbDialect,
    });
    await expect(plans.query(sql)).rejects.toThrow('More than one row returned by a subquery');
  });

  test.each([
    'select * from o asof join e on o.id >= e.id',
    'select * from o positional join nn',
    'select id, unnest([1, 2]) from o',
    'select * from range(3)',
    'select * from o using sample 2 rows',
    'with recursive r(i) as (select 1 union all select i + 1 from r where i < 5) select * from r',
    'select quantile_cont(n, 0.5) from o',
    'select list_transform([1, 2], lambda x: x + 1)',
    'select id from o where (id, n) in ((1, 2), (3, 4))',
  ])('not imported, so run as it stands: %s', async (sql) => {
    await expect(plans.plan(sql)).rejects.toThrow(Unimportable);
  });
});

describe('TPC-H', () => {
  let plans: PlainPlans;
  beforeAll(async () => {
    const folder = await tpchParquet(0.01);
    const tables = ['customer', 'lineitem', 'nation', 'orders', 'part', 'partsupp', 'region', 'supplier'];
    plans = await openPlainPlans(
      tables.map((table) => `CREATE TABLE ${table} AS FROM read_parquet('${folder}/${table}.parquet')`),
    );
  });
  afterAll(() => plans[Symbol.asyncDispose]());

  test.each(tpchQueryNumbers)('query %i', async (number) => {
    await expectRoundTrip(plans, (await tpchQuery(number)).trim().replace(/;$/, ''));
  });
});
