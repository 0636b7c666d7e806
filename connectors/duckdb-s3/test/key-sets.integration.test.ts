import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Expr, type KeySetValues, columnRef, compare } from '@tributary/connector-sdk';
import { LakeFixture, TableProbe } from './lake-fixture.js';

let lake: LakeFixture;
beforeAll(async () => {
  lake = await LakeFixture.create();
  await lake.run(`CREATE TABLE facts AS SELECT i AS id, 'k' || lpad((i // 10)::VARCHAR, 5, '0') AS code,
    CASE i % 3 WHEN 0 THEN NULL ELSE i % 100 END AS part, ['-0.0', '1'][1 + i % 2]::DOUBLE AS x, i // 5000 AS year
    FROM range(20000) t(i)`);
  await lake.run(`COPY facts TO '${lake.path('facts')}' (FORMAT parquet, PARTITION_BY (year))`);
  await lake.run(`COPY facts TO '${lake.path('groups.parquet')}' (ROW_GROUP_SIZE 2048)`);
});
afterAll(() => lake[Symbol.asyncDispose]());

let tables = 0;

async function keySet(
  types: readonly string[],
  columns: readonly (readonly string[])[],
): Promise<KeySetValues> {
  const relation = `keys_${tables++}`;
  const count = columns[0]?.length ?? 0;
  const rows = Array.from(
    { length: count },
    (_, i) =>
      `(${columns.map((column, c) => `'${(column[i] ?? '').replaceAll("'", "''")}'::${types[c] ?? ''}`).join(', ')})`,
  );
  const names = types.map((_, c) => `k${c}`).join(', ');
  await lake.run(`CREATE TABLE ${relation} AS FROM (VALUES ${rows.join(', ')}) v(${names})`);
  return { id: 'ks', count, columns, relation };
}

describe('a key set', () => {
  test.each([
    ['facts', ['id'], ['BIGINT'], [['3', '6999', '7000', '-1']], 'FROM facts WHERE id IN (3, 6999, 7000)', 2],
    ['facts', ['year'], ['BIGINT'], [['1', '9']], 'FROM facts WHERE year = 1', 1],
    [
      'facts',
      ['code'],
      ['VARCHAR'],
      [['k00001', 'k00002', "k'"]],
      "FROM facts WHERE code IN ('k00001', 'k00002')",
      1,
    ],
    [
      'groups',
      ['part', 'year'],
      ['BIGINT', 'BIGINT'],
      [
        ['5', '7'],
        ['0', '2'],
      ],
      'FROM facts WHERE (part = 5 AND year = 0) OR (part = 7 AND year = 2)',
      1,
    ],
    ['facts', ['id'], ['BIGINT'], [['50000']], 'FROM facts WHERE false', 0],
  ] as const)(
    'on %s(%s) keeps matching rows and reads no file that has none',
    async (table, names, types, keys, oracle, files) => {
      const probe = await TableProbe.open(lake.source(), table);
      const filter: Expr = {
        kind: 'in-key-set',
        keySet: 'ks',
        args: names.map((name) => columnRef(probe.column(name))),
      };
      const plan = probe.plan(['id', 'code', 'part', 'x', 'year'], [filter]);
      expect(plan.decisions).toContainEqual(expect.objectContaining({ piece: 'key-set', outcome: 'pushed' }));
      const result = await probe.execute(plan, { keySets: [await keySet(types, keys)] });
      const [row] = await lake.rows(
        `SELECT (SELECT count(*) FROM (${result.sql}))::INTEGER, (SELECT count(*) FROM (${oracle}))::INTEGER,
        (SELECT count(*) FROM ((${result.sql}) EXCEPT ALL (${oracle})))::INTEGER`,
      );
      expect(row?.[0]).toBe(row?.[1]);
      expect(row?.[2]).toBe(0);
      expect(new Set(result.sql.match(/[^']*\.parquet/g)).size).toBe(files);
    },
  );

  test('that the engine dropped is no filter', async () => {
    const probe = await TableProbe.open(lake.source(), 'groups');
    const filter: Expr = { kind: 'in-key-set', keySet: 'ks', args: [columnRef(probe.column('id'))] };
    const result = await probe.execute(probe.plan(['id'], [filter]));
    expect(await lake.rows(`SELECT count(*)::INTEGER FROM (${result.sql})`)).toEqual([[20_000]]);
  });

  test('of a float zero loses no zero of the other sign', async () => {
    const probe = await TableProbe.open(lake.source(), 'groups');
    const filter: Expr = { kind: 'in-key-set', keySet: 'ks', args: [columnRef(probe.column('x'))] };
    const result = await probe.execute(probe.plan(['id', 'x'], [filter]), {
      keySets: [await keySet(['DOUBLE'], [['0.0']])],
    });
    expect(await lake.rows(`SELECT count(*)::INTEGER FROM (${result.sql}) WHERE x <= 0`)).toEqual([[10_000]]);
  });
});

test('parameters are bound at the run, and prune files then', async () => {
  const probe = await TableProbe.open(lake.source(), 'facts');
  const year = probe.column('year');
  const code = probe.column('code');
  const plan = probe.plan(
    ['id'],
    [
      compare('=', columnRef(year), { kind: 'parameter', name: '1', type: year.type }),
      compare('=', columnRef(code), { kind: 'parameter', name: 'code', type: code.type }),
    ],
  );
  expect(plan.native).toContain('files 4 of 4');
  const run = async (value: string): Promise<unknown> => {
    const result = await probe.execute(plan, {
      parameters: new Map([
        ['1', { type: { id: 'integer' }, value: '1' }],
        ['code', { type: { id: 'varchar' }, value }],
      ]),
    });
    return (await lake.rows(`SELECT count(*)::INTEGER FROM (${result.sql})`))[0]?.[0];
  };
  expect(await run('k00500')).toBe(10);
  expect(await run("' OR true --")).toBe(0);
  await expect(probe.execute(plan)).rejects.toMatchObject({ code: 'SQL.PARAMETER' });
});
