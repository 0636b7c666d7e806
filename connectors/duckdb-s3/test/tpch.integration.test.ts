import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { columnRef, compare, literal, typeName } from '@tributary/connector-sdk';
import { tpchParquet, tpchTableNames } from '@tributary/testbed';
import { LakeFixture, TableProbe, call } from './lake-fixture.js';

let lake: LakeFixture;
let root: string;
beforeAll(async () => {
  lake = await LakeFixture.create();
  root = await tpchParquet(0.01);
});
afterAll(() => lake[Symbol.asyncDispose]());

test.each(tpchTableNames)('%s is the table that DuckDB reads', async (table) => {
  const source = lake.source({ root });
  const file = join(root, `${table}.parquet`);
  const schema = await source.describeTable([table], call);
  const expected = await lake.rows(`DESCRIBE FROM '${file}'`);
  expect(schema?.columns.map((column) => [column.name, typeName(column.type)])).toEqual(
    expected.map(([name, type]) => [name, type]),
  );
  const probe = await TableProbe.open(source, table);
  const result = await probe.execute(probe.plan([...probe.columns.keys()]));
  const [row] = await lake.rows(
    `SELECT count(*)::INTEGER, (SELECT count(*)::INTEGER FROM '${file}'),
      (SELECT count(*)::INTEGER FROM ((${result.sql}) EXCEPT ALL FROM '${file}')) FROM (${result.sql})`,
  );
  expect(row).toEqual([result.rows, result.rows, 0]);
});

test('a bound outside of the data reads no file', async () => {
  const probe = await TableProbe.open(lake.source({ root }), 'lineitem');
  const shipped = probe.column('l_shipdate');
  const plan = probe.plan(
    ['l_orderkey', 'l_shipdate'],
    [compare('>', columnRef(shipped), literal(shipped.type, '2005-01-01'))],
  );
  expect(plan.native).toContain('files 0 of 1');
  expect(plan.decisions).toContainEqual(expect.objectContaining({ code: 'FILE_PRUNED', outcome: 'dropped' }));
  const result = await probe.execute(plan);
  expect(result).toMatchObject({ rows: 0, bytes: 0 });
  expect(await lake.rows(result.sql)).toEqual([]);
  const described = await lake.rows(`DESCRIBE ${result.sql}`);
  expect(described.map(([name, type]) => [name, type])).toEqual([
    ['l_orderkey', 'BIGINT'],
    ['l_shipdate', 'DATE'],
  ]);
});
