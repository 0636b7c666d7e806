import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { columnRef, compare, literal, simpleType } from '@tributary/connector-sdk';
import { LakeFixture, TableProbe, call } from './lake-fixture.js';

let lake: LakeFixture;
beforeAll(async () => {
  lake = await LakeFixture.create();
  await lake.run(`COPY (SELECT
      i AS id, i::UTINYINT AS small, (i::UBIGINT + 18446744073709551000::UBIGINT) AS huge,
      ((i - 50) * 1.125)::DECIMAL(18,3) AS price, (i::DECIMAL(38,2) - 1) * 1000000000000000000000 AS wide,
      CASE WHEN i = 7 THEN 'nan'::DOUBLE ELSE i / 4 END AS ratio,
      DATE '1960-01-01' + i::INTEGER AS d, TIMESTAMP '1969-12-31 23:59:59.5' + INTERVAL (i) SECOND AS us,
      (TIMESTAMP_MS '1969-12-31 23:59:59.5') AS ms, '1677-09-22 00:12:43.145225'::TIMESTAMP_NS AS ns,
      TIMESTAMPTZ '2025-01-01 00:00:00+02' AS tz, 'Zoë ' || chr(65 + (i % 26)::INTEGER) AS s, i % 2 = 0 AS b,
      CASE WHEN i % 4 = 0 THEN NULL ELSE i END AS n, NULL::INTEGER AS nothing, [i] AS l
    FROM range(100) t(i)) TO '${lake.path('t.parquet')}'`);
});
afterAll(() => lake[Symbol.asyncDispose]());

describe('statistics of a Parquet table', () => {
  test('bounds, as the engine writes them, are those of the data', async () => {
    const statistics = await lake.source().getRemoteStatistics({ name: 't', kind: 'files' }, call);
    expect(statistics).toMatchObject({ rows: 100, origin: 'file-footer' });
    const bounded = ['id', 'small', 'huge', 'price', 'wide', 'd', 'us', 'ms', 'ns', 's', 'b', 'n'];
    for (const column of bounded) {
      const [row] = await lake.rows(
        `SELECT min(${column})::VARCHAR, max(${column})::VARCHAR FROM '${lake.path('t.parquet')}'`,
      );
      const { min, max } = statistics?.columns.get(column) ?? {};
      expect([typeof min, typeof max]).toEqual(['string', 'string']);
      const [same] = await lake.rows(
        `SELECT min(${column}) = '${min}', max(${column}) = '${max}' FROM '${lake.path('t.parquet')}'`,
      );
      expect([column, same, row]).toEqual([column, [true, true], row]);
    }
    expect(statistics?.columns.get('tz')).toMatchObject({ min: '2024-12-31 22:00:00+00' });
  });

  test('no maximum for floats, no bounds for nested or empty columns', async () => {
    const statistics = await lake.source().getRemoteStatistics({ name: 't', kind: 'files' }, call);
    expect(statistics?.columns.get('ratio')?.max).toBeUndefined();
    expect(statistics?.columns.get('l')?.min).toBeUndefined();
    expect(statistics?.columns.get('nothing')).toMatchObject({ nullFraction: 1 });
    expect(statistics?.columns.get('nothing')?.min).toBeUndefined();
    expect(statistics?.columns.get('n')?.nullFraction).toBe(0.25);
  });

  test('NaN, above every bound in the footer, is found', async () => {
    const probe = await TableProbe.open(lake.source(), 't');
    const ratio = probe.column('ratio');
    const plan = probe.plan(['id'], [compare('>', columnRef(ratio), literal(simpleType('double'), '1000'))]);
    expect(await lake.rows((await probe.execute(plan)).sql)).toEqual([['7']]);
  });

  test('exact row counts come without reading', async () => {
    const probe = await TableProbe.open(lake.source(), 't');
    const id = probe.column('id');
    const filter = (op: '>=' | '>', bound: string) => [compare(op, columnRef(id), literal(id.type, bound))];
    expect((await probe.execute(probe.plan([]))).rows).toBe(100);
    expect((await probe.execute(probe.plan(['id'], [], { limit: 7, offset: 95 }))).rows).toBe(5);
    expect((await probe.execute(probe.plan(['id'], filter('>=', '0')))).rows).toBe(100);
    expect((await probe.execute(probe.plan(['id'], filter('>', '0')))).rows).toBeUndefined();
    expect((await probe.execute(probe.plan(['id'], filter('>', '99')))).rows).toBe(0);
  });
});
