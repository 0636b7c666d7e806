import {
  type ErrorCodeName,
  type Expr,
  type IFederatedDataSource,
  type KeySetValues,
  type Rel,
  TributaryError,
  literal,
  outputOf,
  simpleType,
} from '@tributary/connector-sdk';
import { arrowRows, openPlainDuckDB, type Row } from '@tributary/testbed';
import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { calm, describedScan, planOf } from './support/plan.js';
import { call, lit, ref, withColumns } from '@tributary/connector-testkit/dialect';
import { TestQuery } from '@tributary/connector-testkit/dialect';
import { until } from '../../postgres/test/support/server.js';
import { TestClickhouse } from './support/test-server.js';

let server: TestClickhouse;

beforeAll(async () => {
  server = await TestClickhouse.open([
    'CREATE TABLE numbered ENGINE = MergeTree ORDER BY k AS SELECT number::Int64 AS k, toString(number) AS s, toDate(number % 1000) AS d FROM numbers(1000000)',
    "CREATE TABLE hostile ENGINE = MergeTree ORDER BY t AS SELECT arrayJoin(['', 'a', 'A', '\\\\', '\\'', 'x\\ty', 'n\\nl', '\\\\N', '[1]', 'é', '{p1:Int64}']) AS t",
    // One bad value at the very end of the table.
    "CREATE VIEW poisoned AS SELECT k, if(k = 900000, throwIf(1, 'poisoned'), 0) AS v FROM numbered SETTINGS max_threads = 1",
    "CREATE TABLE binary ENGINE = MergeTree ORDER BY k AS SELECT 1::Int64 AS k, unhex('ff') AS t",
  ]);
});

afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
});

async function rowsOf(
  source: IFederatedDataSource,
  relation: Rel,
  overrides: Parameters<TestQuery['context']>[0] = {},
): Promise<readonly Row[]> {
  await using query = await TestQuery.open();
  const result = await source.executeRemoteQuery(planOf(source, relation), query.context(overrides));
  if (result.kind === 'batches') {
    const rows: Row[] = [];
    for await (const batch of result.batches) rows.push(...arrowRows([batch]));
    return rows;
  }
  await using duckdb = await openPlainDuckDB();
  const answer = await duckdb.query(result.sql);
  await result.release();
  expect(query.spooled).toBe(0);
  expect(await readdir(query.directory)).toEqual([]);
  return answer.rows;
}

async function failure(work: Promise<unknown>): Promise<TributaryError> {
  const error: unknown = await work.then(
    () => undefined,
    (raised: unknown) => raised,
  );
  if (!(error instanceof TributaryError)) throw new Error(`not one of ours: ${String(error)}`);
  return error;
}

function filtered(input: Rel, ...predicates: readonly Expr[]): Rel {
  return { kind: 'filter', input, predicates };
}

const both = ['relation', 'batches'] as const;

describe('keys', () => {
  const keysOf = (values: readonly string[]): KeySetValues => ({
    id: 'k',
    count: values.length,
    columns: [values],
    relation: 'unused',
  });

  async function found(table: string, column: string, values: readonly string[]): Promise<readonly Row[]> {
    const source = server.source();
    const scan = await describedScan(source, table);
    const arg = ref(scan, column);
    const relation = filtered(scan, { kind: 'in-key-set', keySet: 'k', args: [arg] });
    const plan = source.planRemoteQuery({
      kind: 'relational',
      relation,
      keySets: [
        { id: 'k', columns: [{ id: 0, name: column, type: simpleType('varchar') }], estimatedKeys: 1 },
      ],
      estimate: { rows: 1, bytes: 1 },
    });
    await using query = await TestQuery.open();
    const keySets = new Map([['k', keysOf(values)]]);
    const result = await source.executeRemoteQuery(plan, query.context({ keySets, prefer: 'batches' }));
    if (result.kind !== 'batches') throw new Error('not batches');
    const rows: Row[] = [];
    for await (const batch of result.batches) rows.push(...arrowRows([batch]));
    return rows;
  }

  test.each([1, 10, 1000, 10_000, 100_000])('%i of them', async (count) => {
    const keys = Array.from({ length: count }, (_, i) => String(i * 7));
    expect(await found('numbered', 'k', keys)).toHaveLength(count);
  });

  test.each([1, 5000])('of text that looks like syntax, among %i others', async (others) => {
    const texts = ['', 'a', '\\', "'", 'x\ty', 'n\nl', '\\N', '[1]', 'é', '{p1:Int64}'];
    const more = Array.from({ length: others }, (_, i) => `${'nobody'.repeat(5)}${i}`);
    const rows = await found('hostile', 't', [...texts, ...more]);
    expect(rows.map(([text]) => String(text)).toSorted()).toEqual(
      texts.map((text) => `'${text}'`).toSorted(),
    );
  });
});

describe('a call that is over', () => {
  const endless = async (source: IFederatedDataSource): Promise<Rel> => {
    const scan = await describedScan(source, 'numbered');
    const other = await describedScan(source, 'numbered');
    return {
      kind: 'aggregate',
      input: {
        kind: 'join',
        type: 'inner',
        left: scan,
        right: other,
        on: [{ kind: 'compare', op: '<', left: ref(scan, 's'), right: ref(other, 's') }],
      },
      groups: [],
      aggregates: [
        {
          id: 99_999,
          name: 'n',
          type: simpleType('bigint'),
          call: { fn: 'count_star', args: [], distinct: false, type: simpleType('bigint') },
        },
      ],
    };
  };

  test.each(both)('%s: an abort ends the statement at the server within a second', async (prefer) => {
    const source = server.source();
    const relation = await endless(source);
    await using query = await TestQuery.open();
    const run = failure(source.executeRemoteQuery(planOf(source, relation), query.context({ prefer })));
    await until(async () => (await server.running()) === 1, 10_000);
    query.controller.abort();
    expect((await run).code).toBe('QUERY.CANCELLED');
    expect(await until(async () => (await server.running()) === 0, 5000)).toBeLessThan(1000);
    expect(query.spooled).toBe(0);
  });

  test('leaving the batches ends the statement', async () => {
    const source = server.source();
    await using query = await TestQuery.open();
    const plan = planOf(source, await describedScan(source, 'numbered'));
    const result = await source.executeRemoteQuery(plan, query.context({ prefer: 'batches' }));
    if (result.kind !== 'batches') throw new Error('not batches');
    for await (const batch of result.batches) {
      expect(batch.numRows).toBeGreaterThan(0);
      break;
    }
    await until(async () => (await server.running()) === 0, 1000);
  });

  test("the engine's timeout reaches the server, should the engine not", async () => {
    const source = server.source();
    const relation = await endless(source);
    await using query = await TestQuery.open();
    const error = await failure(
      source.executeRemoteQuery(planOf(source, relation), query.context({ timeoutMs: 1 })),
    );
    expect(error).toMatchObject({ code: 'SOURCE.TIMEOUT', retryable: true });
  });
});

describe('failures', () => {
  test.each(both)('%s: in the middle of an answer: never a part of the rows', async (prefer) => {
    const source = server.source({ settings: { max_threads: 1, max_block_size: 10_000 } });
    const error = await failure(rowsOf(source, await describedScan(source, 'poisoned'), { prefer }));
    expect(error.code).toBe('SOURCE.QUERY_FAILED');
    expect(error.message).toContain('poisoned');
  });

  test.each(both)('%s: the server dies in the middle', async (prefer) => {
    const own = await TestClickhouse.open([
      'CREATE TABLE numbered ENGINE = MergeTree ORDER BY k AS SELECT number::Int64 AS k, toString(number) AS s FROM numbers(1000000)',
    ]);
    try {
      const source = own.source({ settings: { max_threads: 1 } });
      const scan = await describedScan(source, 'numbered');
      await using query = await TestQuery.open();
      const slow = withColumns(scan, [{ name: 's', expr: ref(scan, 's') }]);
      let killed: Promise<void> | undefined;
      const kill = (): void => void (killed ??= own.server.kill());
      const run = async (): Promise<void> => {
        const result = await source.executeRemoteQuery(
          planOf(source, slow),
          query.context({ prefer, onProgress: kill }),
        );
        if (result.kind === 'batches')
          for await (const batch of result.batches) if (batch.numRows > 0) kill();
      };
      const error = await failure(run());
      expect(error).toMatchObject({ code: 'SOURCE.UNREACHABLE', retryable: true });
      await killed;
    } finally {
      await own[Symbol.asyncDispose]();
    }
  });

  test.each<readonly [string, ErrorCodeName, Record<string, string | number>]>([
    ['rows', 'SOURCE.QUERY_FAILED', { max_result_rows: 10 }],
    ['memory', 'SOURCE.QUERY_FAILED', { max_memory_usage: 1000 }],
    ['bytes read', 'SOURCE.QUERY_FAILED', { max_bytes_to_read: 10 }],
  ])('a limit of the server on %s is an error, not fewer rows', async (_, code, settings) => {
    const source = server.source({ settings });
    const scan = await describedScan(server.source(), 'numbered');
    for (const prefer of both) expect((await failure(rowsOf(source, scan, { prefer }))).code).toBe(code);
  });

  test('wrong credentials, a wrong database, a table that went: each its code, none with the password', async () => {
    const wrong = server.source({ password: 'n0t-the-passw0rd' });
    const refused = await failure(wrong.listTables(calm));
    expect(refused.code).toBe('SOURCE.AUTHENTICATION');
    expect(JSON.stringify(refused)).not.toContain('n0t-the-passw0rd');
    expect((await failure(server.source({ database: 'nowhere' }).listTables(calm))).code).toBe(
      'SOURCE.MISSING_OBJECT',
    );
    const source = server.source();
    await server.run('CREATE TABLE gone (k Int64) ENGINE = Memory');
    const scan = await describedScan(source, 'gone');
    await server.run('DROP TABLE gone');
    expect(await failure(rowsOf(source, scan))).toMatchObject({
      code: 'SOURCE.MISSING_OBJECT',
      retryable: true,
    });
  });

  test('nobody listens', async () => {
    const source = server.source({ url: 'http://127.0.0.1:1/' });
    expect(await failure(source.listTables(calm))).toMatchObject({
      code: 'SOURCE.UNREACHABLE',
      retryable: true,
    });
  });

  test('text that is none', async () => {
    const source = server.source();
    const scan = await describedScan(source, 'binary');
    expect((await failure(rowsOf(source, scan, { prefer: 'batches' }))).code).toBe(
      'SOURCE.UNREPRESENTABLE_VALUE',
    );
  });
});

test('parameters, NULL among them', async () => {
  const source = server.source();
  const scan = await describedScan(source, 'hostile');
  const parameter = (name: string): Expr => ({ kind: 'parameter', name, type: simpleType('varchar') });
  const relation = filtered(scan, {
    kind: 'compare',
    op: '=',
    left: ref(scan, 't'),
    right: call('coalesce', [parameter('2'), parameter('1')], simpleType('varchar')),
  });
  const type = simpleType('varchar');
  for (const text of ["'", '\\', 'x\ty', '\\N', '']) {
    const parameters = new Map([
      ['1', { type, value: text }],
      ['2', { type, value: null }],
    ]);
    expect(await rowsOf(source, relation, { parameters, prefer: 'batches' })).toEqual([[`'${text}'`]]);
  }
});

test('a plan without columns counts rows', async () => {
  const source = server.source();
  const scan = await describedScan(source, 'hostile');
  expect(await rowsOf(source, { kind: 'project', input: scan, columns: [] })).toHaveLength(11);
});

test('a long list of constants', async () => {
  const source = server.source();
  const scan = await describedScan(source, 'numbered');
  const list = Array.from({ length: 60_000 }, (_, i) => lit('bigint', String(i * 3)));
  const relation = filtered(scan, { kind: 'in', arg: ref(scan, 'k'), list, negated: false });
  expect(await rowsOf(source, relation, { prefer: 'batches' })).toHaveLength(60_000);
});

test('two columns of one name', async () => {
  const source = server.source();
  const scan = await describedScan(source, 'hostile');
  const t = ref(scan, 't');
  const twice: Rel = {
    kind: 'project',
    input: filtered(scan, { kind: 'compare', op: '=', left: t, right: lit('varchar', 'a') }),
    columns: [
      { id: 90_001, name: 'x', type: simpleType('varchar'), expr: t },
      { id: 90_002, name: 'x', type: simpleType('varchar'), expr: literal(simpleType('varchar'), 'b') },
    ],
  };
  expect(outputOf(twice)).toHaveLength(2);
  for (const prefer of both) expect(await rowsOf(source, twice, { prefer })).toEqual([["'a'", "'b'"]]);
});
