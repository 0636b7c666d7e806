import { type DataType, type Expr, type Rel, compare, simpleType } from '@tributary/contract/plan';
import type { KeySetValues, ParameterValue } from '@tributary/contract/source';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fewKeys } from '../src/plan/key-set-form.js';
import { TestQuery } from '@tributary/connector-testkit/dialect';
import { ref } from '@tributary/connector-testkit/dialect';
import { planOf, rowsIn, rowsOf, scan } from './support/run.js';
import { TestServer } from './support/server.js';

let db: TestServer;

beforeAll(async () => {
  db = await TestServer.open(`
    CREATE TYPE mood AS ENUM ('sad', 'ok');
    CREATE TABLE everything (id bigint PRIMARY KEY, b bool, i2 smallint, i4 int, n numeric(38, 6), f float8, r real, s text, by bytea, d date,
      t time, ts timestamp, tz timestamptz, iv interval, u uuid, m mood);
    INSERT INTO everything VALUES (9007199254740993, true, -7, 42, 12345678901234567890.123456, 'NaN', 0.1, 'it''s {"\\,} añ', '\\x00ff41', '0044-03-15 BC',
      '24:00', 'infinity', '2020-01-01 00:00:00.000001+02', '1 year 2 mons -3 days 04:05:06.7', '00000000-0000-0000-0000-00000000000a', 'ok');
    CREATE TABLE keyed AS SELECT g::bigint AS id, g % 100 AS k, chr(65 + g % 26) || g AS s, CASE WHEN g % 5 > 0 THEN g % 7 END AS maybe FROM generate_series(1, 20000) g;
    ALTER TABLE keyed ADD PRIMARY KEY (id);
    ANALYZE;`);
});

afterAll(async () => {
  await db?.[Symbol.asyncDispose]();
});

describe('parameters', () => {
  const cases: readonly (readonly [column: string, type: DataType, value: string])[] = [
    ['id', { id: 'bigint' }, '9007199254740993'],
    ['b', { id: 'boolean' }, 'true'],
    ['i2', { id: 'smallint' }, '-7'],
    ['i4', { id: 'integer' }, '42'],
    ['n', { id: 'decimal', precision: 38, scale: 6 }, '12345678901234567890.123456'],
    ['f', { id: 'double' }, 'nan'],
    ['r', { id: 'float' }, '0.1'],
    ['s', { id: 'varchar' }, 'it\'s {"\\,} añ'],
    ['by', { id: 'blob' }, '\\x00\\xFFA'],
    ['d', { id: 'date' }, '0044-03-15 (BC)'],
    ['t', { id: 'time' }, '24:00:00'],
    ['ts', { id: 'timestamp' }, 'infinity'],
    ['tz', { id: 'timestamptz' }, '2019-12-31 22:00:00.000001+00'],
    ['u', { id: 'uuid' }, '00000000-0000-0000-0000-00000000000a'],
    ['m', { id: 'enum', values: ['sad', 'ok'] }, 'ok'],
  ];

  test.each(cases)(
    '%s finds its row, as a parameter, as a constant, as a key',
    async (column, type, value) => {
      const source = db.source();
      const everything = await scan(source, 'everything');
      const where = (right: Expr): Rel => ({
        kind: 'project',
        input: {
          kind: 'filter',
          input: everything,
          predicates: [compare('=', ref(everything, column), right)],
        },
        columns: [{ id: 80_000, name: 'id', type: simpleType('bigint'), expr: ref(everything, 'id') }],
      });
      const found = [['9007199254740993']];
      const parameters = (text: string | null): ReadonlyMap<string, ParameterValue> =>
        new Map([['1', { type, value: text }]]);
      const byParameter = where({ kind: 'parameter', name: '1', type });
      for (const prefer of ['relation', 'batches'] as const) {
        expect(await rowsOf(source, byParameter, { prefer, parameters: parameters(value) })).toEqual(found);
        expect(await rowsOf(source, byParameter, { prefer, parameters: parameters(null) })).toEqual([]);
      }
      expect(await rowsOf(source, where({ kind: 'literal', type, value }))).toEqual(found);
      const byKey: Rel = {
        kind: 'project',
        input: {
          kind: 'filter',
          input: everything,
          predicates: [{ kind: 'in-key-set', keySet: 'k', args: [ref(everything, column)] }],
        },
        columns: [{ id: 80_000, name: 'id', type: simpleType('bigint'), expr: ref(everything, 'id') }],
      };
      expect(await rowsOf(source, byKey, { keySets: new Map([['k', keys([[value]])]]) })).toEqual(found);
      await source.close();
    },
  );

  test('values stay values', async () => {
    const source = db.source();
    const everything = await scan(source, 'everything');
    const hostile = `'; DROP TABLE everything; --`;
    const byText = (right: Expr): Rel => ({
      kind: 'filter',
      input: everything,
      predicates: [compare('=', ref(everything, 's'), right)],
    });
    expect(
      await rowsOf(source, byText({ kind: 'literal', type: { id: 'varchar' }, value: hostile })),
    ).toEqual([]);
    const parameters = new Map([['1', { type: simpleType('varchar'), value: hostile }]]);
    expect(
      await rowsOf(source, byText({ kind: 'parameter', name: '1', type: { id: 'varchar' } }), { parameters }),
    ).toEqual([]);
    await expect(
      rowsOf(source, byText({ kind: 'parameter', name: '1', type: { id: 'varchar' } }), {
        parameters: new Map([['1', { type: simpleType('varchar'), value: 'a\0b' }]]),
      }),
    ).rejects.toMatchObject({ code: 'SOURCE.UNREPRESENTABLE_VALUE' });
    await source.close();
  });
});

function keys(columns: readonly (readonly string[])[]): KeySetValues {
  return { id: 'k', count: columns[0]?.length ?? 0, columns, relation: '' };
}

describe('key sets', () => {
  const range = (count: number, step: number): readonly string[] =>
    Array.from({ length: count }, (_, i) => String((i + 1) * step));

  test.each([
    ['id', 3, 2],
    ['id', fewKeys + 1, 3],
    ['k', fewKeys + 1, 1],
    ['maybe', 3, 1],
    ['maybe', fewKeys + 1, 2],
  ] as const)('%s: %i keys', async (name, count, step) => {
    const source = db.source();
    const keyed = await scan(source, 'keyed');
    const values = range(count, step);
    const relation: Rel = {
      kind: 'filter',
      input: keyed,
      predicates: [{ kind: 'in-key-set', keySet: 'k', args: [ref(keyed, name)] }],
    };
    const rows = await rowsOf(source, relation, { keySets: new Map([['k', keys([values])]]) });
    const expected = await db.admin.query(
      `SELECT count(*)::int AS count, sum(id)::text AS sum FROM keyed WHERE "${name}" IN (${values.join(', ')})`,
    );
    const sum = rows.reduce((all, row) => all + BigInt(row[0] ?? 0), 0n);
    expect([rows.length, String(sum)]).toEqual([expected.rows[0].count, expected.rows[0].sum]);
    await source.close();
  });

  test.each([10, fewKeys + 1])('two columns, %i keys, NULL never matches', async (count) => {
    const source = db.source();
    const keyed = await scan(source, 'keyed');
    const ids = range(count, 1);
    const maybe = ids.map((id) => String(Number(id) % 7));
    const relation: Rel = {
      kind: 'filter',
      input: keyed,
      predicates: [{ kind: 'in-key-set', keySet: 'k', args: [ref(keyed, 'id'), ref(keyed, 'maybe')] }],
    };
    const rows = await rowsOf(source, relation, { keySets: new Map([['k', keys([ids, maybe])]]) });
    expect(rows).toHaveLength(ids.filter((id) => Number(id) % 5 > 0).length);
    await source.close();
  });

  test('keys that PostgreSQL cannot hold match nothing and disturb nothing', async () => {
    const source = db.source();
    const keyed = await scan(source, 'keyed');
    const relation: Rel = {
      kind: 'filter',
      input: keyed,
      predicates: [{ kind: 'in-key-set', keySet: 'k', args: [ref(keyed, 's')] }],
    };
    const rows = await rowsOf(source, relation, {
      keySets: new Map([['k', keys([['B1', 'a\0b', 'NULL', '{"}', '']])]]),
    });
    expect(rows.map((row) => row[2])).toEqual(["'B1'"]);
    await source.close();
  });

  test('many keys of an indexed column are looked up, not scanned for', async () => {
    const source = db.source();
    const keyed = await scan(source, 'keyed');
    const relation: Rel = {
      kind: 'filter',
      input: keyed,
      predicates: [{ kind: 'in-key-set', keySet: 'k', args: [ref(keyed, 'id')] }],
    };
    const plan = planOf(source, relation);
    expect(plan.native).toContain('= ANY ($1::bigint[])');
    await using query = await TestQuery.open();
    expect(
      await rowsIn(query, source, plan, { keySets: new Map([['k', keys([range(5_000, 1)])]]) }),
    ).toHaveLength(5_000);
    await source.close();
  });

  test('64 queries at once', async () => {
    const source = db.source();
    const keyed = await scan(source, 'keyed');
    const relation: Rel = {
      kind: 'filter',
      input: keyed,
      predicates: [compare('=', ref(keyed, 'k'), { kind: 'parameter', name: '1', type: { id: 'integer' } })],
    };
    const counts = await Promise.all(
      Array.from({ length: 64 }, async (_, i) => {
        const parameters = new Map([['1', { type: simpleType('integer'), value: String(i) }]]);
        return (await rowsOf(source, relation, { parameters, prefer: i % 2 === 0 ? 'batches' : 'relation' }))
          .length;
      }),
    );
    expect(counts).toEqual(counts.map(() => 200));
    await source.close();
  });
});
