import { type IFederatedDataSource, type Rel, TributaryError } from '@tributary/connector-sdk';
import { TestQuery, ref } from '@tributary/connector-testkit/dialect';
import { arrowRows, type Row } from '@tributary/testbed';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../postgres/test/support/server.js';
import { defaultSettings, formatSettings, pinnedSettings } from '../src/execute/settings.js';
import { calm, describedScan, planOf } from './support/plan.js';
import { TestClickhouse } from './support/test-server.js';

/** All that a query sets, so that none of it is a change. */
function completeProfile(): Record<string, string> {
  // A parameter of the HTTP interface is no setting.
  const { wait_end_of_query: _, ...pinned } = pinnedSettings;
  const all = {
    ...pinned,
    ...formatSettings('Parquet', 'lz4'),
    ...formatSettings('ArrowStream', 'lz4'),
    output_format_json_quote_64bit_integers: 0,
  };
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, String(value)]));
}

let server: TestClickhouse;

beforeAll(async () => {
  server = await TestClickhouse.open(
    [
      'CREATE TABLE numbered ENGINE = MergeTree ORDER BY k AS SELECT number::Int64 AS k, toString(number) AS s FROM numbers(1000000)',
      'CREATE TABLE few ENGINE = MergeTree ORDER BY k AS SELECT number::Int64 AS k FROM numbers(3)',
      'CREATE TABLE fewer ENGINE = MergeTree ORDER BY k AS SELECT number::Int64 AS k, 7::Int64 AS v FROM numbers(2)',
    ],
    {
      users: {
        locked: { profile: { readonly: '1' } },
        prepared: { profile: { ...completeProfile(), readonly: '1' } },
        granted: { profile: { readonly: '2' }, grants: ['GRANT SELECT ON shop.*'] },
        reader: { profile: { readonly: '2' } },
        fixed_meaning: {
          profile: { readonly: '2', join_use_nulls: '0' },
          constraints: { join_use_nulls: { readonly: '' } },
        },
        hurried: {
          profile: { readonly: '2', max_execution_time: '1' },
          constraints: { max_execution_time: { max: '5' }, max_query_size: { readonly: '' } },
        },
        small: { profile: { readonly: '2', max_result_rows: '10', result_overflow_mode: 'break' } },
        poor: { profile: { readonly: '2', max_memory_usage: '1000000' } },
        counted: { profile: { readonly: '2' }, quota: { queries: '8' } },
      },
    },
  );
});

afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
});

async function failure(work: Promise<unknown>): Promise<TributaryError> {
  const error: unknown = await work.then(
    () => undefined,
    (raised: unknown) => raised,
  );
  if (!(error instanceof TributaryError)) throw new Error(`not one of ours: ${String(error)}`);
  return error;
}

async function rowsOf(
  source: IFederatedDataSource,
  relation: Rel,
  overrides: Parameters<TestQuery['context']>[0] = {},
): Promise<readonly Row[]> {
  await using query = await TestQuery.open();
  const context = query.context({ prefer: 'batches', ...overrides });
  const result = await source.executeRemoteQuery(planOf(source, relation), context);
  if (result.kind === 'relation') {
    await result.release();
    return [];
  }
  const rows: Row[] = [];
  for await (const batch of result.batches) rows.push(...arrowRows([batch]));
  return rows;
}

async function leftJoin(source: IFederatedDataSource): Promise<Rel> {
  const [left, right] = [await describedScan(source, 'few'), await describedScan(source, 'fewer')];
  const on = { kind: 'compare', op: '=', left: ref(left, 'k'), right: ref(right, 'k') } as const;
  return { kind: 'join', type: 'left', left, right, on: [on] };
}

const joined = [
  ['0', '0', '7'],
  ['1', '1', '7'],
  ['2', 'NULL', 'NULL'],
];

describe('readonly = 1', () => {
  test('is refused where the profile means something else, and says what to do', async () => {
    const source = server.source({ user: 'locked' });
    for (const call of [
      () => source.listTables(calm),
      () => source.describeTable(['few'], calm),
      () => source.checkHealth(calm),
    ]) {
      const error = await failure(call());
      expect(error).toMatchObject({ code: 'SOURCE.PERMISSION', retryable: false });
      expect(error.message).toMatch(/Cannot modify '\w+' setting in readonly mode/);
      expect(error.fix).toContain('readonly = 2');
    }
    const relation = await leftJoin(server.source());
    for (const prefer of ['relation', 'batches'] as const) {
      expect((await failure(rowsOf(source, relation, { prefer }))).code).toBe('SOURCE.PERMISSION');
    }
  });

  test('is enough where the profile has every setting already', async () => {
    const source = server.source({ user: 'prepared' });
    expect((await source.listTables(calm)).length).toBe(3);
    const relation = await leftJoin(source);
    expect((await rowsOf(source, relation)).toSorted()).toEqual(joined);
    await rowsOf(source, relation, { prefer: 'relation' });
    expect((await source.checkHealth(calm)).healthy).toBe(true);
    const [few] = (await source.listTables(calm)).filter(({ name }) => name === 'few');
    if (few === undefined) throw new Error('no table');
    expect((await source.getRemoteStatistics(few, calm))?.rows).toBe(3);
  });
});

describe('readonly = 2', () => {
  test('is enough', async () => {
    const source = server.source({ user: 'reader' });
    expect((await rowsOf(source, await leftJoin(source))).toSorted()).toEqual(joined);
  });

  test.each(['reader', 'granted'])('%s: many keys travel as a table of the request', async (user) => {
    const source = server.source({ user });
    const scan = await describedScan(source, 'numbered');
    const predicate = { kind: 'in-key-set', keySet: 'k', args: [ref(scan, 'k')] } as const;
    const values = Array.from({ length: 50_000 }, (_, i) => String(i * 7));
    const keySets = new Map([
      ['k', { id: 'k', count: values.length, columns: [values], relation: 'unused' }],
    ]);
    const plan = source.planRemoteQuery({
      kind: 'relational',
      relation: { kind: 'filter', input: scan, predicates: [predicate] },
      keySets: [{ id: 'k', columns: [{ id: 0, name: 'k', type: { id: 'bigint' } }], estimatedKeys: 1 }],
      estimate: { rows: 1, bytes: 1 },
    });
    await using query = await TestQuery.open();
    const result = await source.executeRemoteQuery(plan, query.context({ keySets, prefer: 'batches' }));
    if (result.kind !== 'batches') throw new Error('no batches');
    let rows = 0;
    for await (const batch of result.batches) rows += batch.numRows;
    expect(rows).toBe(50_000);
  });

  test.each(['reader', 'granted'])('%s: a statement that is left ends at the server', async (user) => {
    const source = server.source({ user });
    const [scan, other] = [await describedScan(source, 'numbered'), await describedScan(source, 'numbered')];
    const on = { kind: 'compare', op: '<', left: ref(scan, 's'), right: ref(other, 's') } as const;
    const relation: Rel = { kind: 'join', type: 'inner', left: scan, right: other, on: [on] };
    await using query = await TestQuery.open();
    const run = failure(
      source.executeRemoteQuery(planOf(source, relation), query.context({ prefer: 'relation' })),
    );
    await until(async () => (await server.running()) === 1, 10_000);
    query.controller.abort();
    expect((await run).code).toBe('QUERY.CANCELLED');
    expect(await until(async () => (await server.running()) === 0, 10_000)).toBeLessThan(2000);
  });

  test('a setting of ours that a constraint fixes otherwise is refused', async () => {
    const error = await failure(server.source({ user: 'fixed_meaning' }).listTables(calm));
    expect(error).toMatchObject({ code: 'SOURCE.PERMISSION', retryable: false });
    expect(error.message).toContain('join_use_nulls');
    expect(error.fix).toContain('constraint');
  });
});

test('SELECT on the tables is all that a user needs', async () => {
  const source = server.source({ user: 'granted' });
  expect((await source.checkHealth(calm)).healthy).toBe(true);
  const tables = await source.listTables(calm);
  expect(tables.map(({ name }) => name).toSorted()).toEqual(['few', 'fewer', 'numbered']);
  for (const table of tables)
    expect((await source.getRemoteStatistics(table, calm))?.rows).toBeGreaterThan(0);
  const relation = await leftJoin(source);
  expect((await rowsOf(source, relation)).toSorted()).toEqual(joined);
  await rowsOf(source, relation, { prefer: 'relation' });
});

describe('limits of a user', () => {
  test('limits that change no answer may be kept: the time limit of the profile stays in force', async () => {
    const source = server.source({ user: 'hurried' });
    const relation = await leftJoin(source);
    await rowsOf(source, relation, { prefer: 'relation', timeoutMs: 3_600_000 });
    const [scan, other] = [await describedScan(source, 'numbered'), await describedScan(source, 'numbered')];
    const on = { kind: 'compare', op: '<', left: ref(scan, 's'), right: ref(other, 's') } as const;
    const endless: Rel = { kind: 'join', type: 'inner', left: scan, right: other, on: [on] };
    const start = performance.now();
    const error = await failure(rowsOf(source, endless, { prefer: 'relation', timeoutMs: 3_600_000 }));
    expect(error.code).toBe('SOURCE.TIMEOUT');
    expect(performance.now() - start).toBeLessThan(5000);
  });

  test('on rows: an error, never the first ones', async () => {
    const source = server.source({ user: 'small' });
    const scan = await describedScan(server.source(), 'numbered');
    for (const prefer of ['relation', 'batches'] as const) {
      const error = await failure(rowsOf(source, scan, { prefer }));
      expect(error.code).toBe('SOURCE.QUERY_FAILED');
      expect(error.message).toMatch(/[Ll]imit for result/);
      expect(error.fix).toContain('limit');
    }
  });

  test('on memory', async () => {
    const source = server.source({ user: 'poor' });
    const error = await failure(rowsOf(source, await describedScan(server.source(), 'numbered')));
    expect(error.code).toBe('SOURCE.QUERY_FAILED');
    expect(error.message).toMatch(/memory limit exceeded/i);
    expect(error.fix).toContain('limit');
  });

  test('a quota that is used up', async () => {
    const source = server.source({ user: 'counted' });
    const run = async (): Promise<void> => {
      for (let i = 0; i < 20; i += 1) await source.listTables(calm);
    };
    const error = await failure(run());
    expect(error).toMatchObject({ code: 'SOURCE.QUERY_FAILED', retryable: true });
    expect(error.message).toMatch(/quota/i);
  });
});

test('what a query may do without is no part of what it means', () => {
  expect(Object.keys(defaultSettings).filter((name) => name in pinnedSettings)).toEqual([]);
});
