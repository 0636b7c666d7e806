import { readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type AggregateCall,
  type AggregateColumn,
  type IFederatedDataSource,
  type RemoteQueryPlan,
  type ScanColumn,
  columnRef,
  simpleType,
  typeName,
} from '@tributary/connector-sdk';
import { createEngine } from '@tributary/core';
import { tpchParquet } from '@tributary/testbed';
import { LakeFixture, TableProbe } from './lake-fixture.js';

const bigint = simpleType('bigint');
const goldens = fileURLToPath(new URL('../../delta/test/fixtures', import.meta.url));

let lake: LakeFixture;
beforeAll(async () => {
  lake = await LakeFixture.create();
});
afterAll(() => lake[Symbol.asyncDispose]());

let nextId = 1000;

function aggregate(fn: AggregateCall['fn'], column?: ScanColumn): AggregateColumn {
  const args = column === undefined ? [] : [columnRef(column)];
  const type = column === undefined || fn === 'count' ? bigint : column.type;
  nextId += 1;
  return {
    id: nextId,
    name: `${fn}(${column?.name ?? ''})`,
    type,
    call: { fn, args, distinct: false, type },
  };
}

function planOf(probe: TableProbe, ...aggregates: readonly AggregateColumn[]): RemoteQueryPlan {
  const read = new Set(
    aggregates.flatMap(({ call }) => call.args).map((arg) => arg.kind === 'column' && arg.id),
  );
  const names = [...probe.columns.values()].filter(({ id }) => read.has(id)).map(({ name }) => name);
  return probe.plan(names, [], { aggregates });
}

function reasonOf({ decisions }: RemoteQueryPlan): string | undefined {
  return decisions.find(({ piece }) => piece === 'aggregate')?.why;
}

/**
 * Asks for every count, minimum and maximum, one by one, and for all that are known at once: their names, after a look at what
 * DuckDB finds in the files.
 */
async function known(source: IFederatedDataSource, table: string, files: string): Promise<readonly string[]> {
  const probe = await TableProbe.open(source, table);
  const columns = [...probe.columns.values()];
  const asked = [
    aggregate('count_star'),
    ...columns.flatMap((column) => ['count', 'min', 'max'].map((fn) => aggregate(fn, column))),
  ];
  const found = asked.filter((one) => {
    const plan = planOf(probe, one);
    const codes = plan.decisions.filter(({ piece }) => piece === 'aggregate').map(({ code }) => code);
    expect(codes).toEqual([plan.aggregated === true ? 'STATISTICS_ANSWER' : 'STATISTICS_UNSURE']);
    return plan.aggregated === true;
  });
  if (found.length === 0) return [];
  const result = await probe.execute(planOf(probe, ...found));
  expect(result).toMatchObject({ rows: 1, bytes: 0 });
  const calls = found.map(({ call: { fn, args } }) => {
    const column = columns.find(({ id }) => args.some((arg) => arg.kind === 'column' && arg.id === id));
    return column === undefined ? 'count(*)' : `${fn}("${column.name.replaceAll('"', '""')}")`;
  });
  const names = found.map((_, index) => `c${index}`);
  const [row = []] = await lake.rows(
    // Materialized, for DuckDB too would look at the bounds: it is to read.
    `WITH f AS MATERIALIZED (FROM ${files}) SELECT ${names.map((name) => `[m.${name}::VARCHAR, t.${name}::VARCHAR, typeof(m.${name})]`).join(', ')}
     FROM (${result.sql}) AS m(${names.join(', ')}), (SELECT ${calls.join(', ')} FROM f) AS t(${names.join(', ')})`,
  );
  const answers = row.map((entry) => (Array.isArray(entry) ? entry : []));
  expect(found.map(({ name }, index) => [name, answers[index]?.[0], answers[index]?.[2]])).toEqual(
    found.map(({ name, type }, index) => [name, answers[index]?.[1], typeName(type)]),
  );
  return found.map(({ name }) => name);
}

function allOf(...columns: readonly string[]): readonly string[] {
  return columns.flatMap((column) => [`count(${column})`, `min(${column})`, `max(${column})`]);
}

test('every file that Spark, deltalake and DuckDB wrote for our tests: what is known is what DuckDB finds', async () => {
  const files = readdirSync(goldens, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.parquet') && !path.includes('_delta_log'),
  );
  const tables = Object.fromEntries(files.map((path, index) => [`t${index}`, { path: join(goldens, path) }]));
  const source = lake.source({ root: goldens, tables });
  const found: string[] = [];
  for (const [index, path] of files.entries()) {
    const reader = `read_parquet('${join(goldens, path)}', hive_partitioning=false)`;
    found.push(...(await known(source, `t${index}`, reader)));
  }
  expect(found.length).toBeGreaterThan(2000);
});

test('TPC-H: whole numbers, decimals and dates', async () => {
  const root = await tpchParquet(0.01);
  const found = await known(lake.source({ root }), 'lineitem', `'${join(root, 'lineitem.parquet')}'`);
  expect(found).toEqual(
    expect.arrayContaining(['count_star()', ...allOf('l_orderkey', 'l_quantity', 'l_shipdate')]),
  );
});

test('partitions, several row groups and files, columns that grew or are missing, rows that are none', async () => {
  const write = async (path: string, select: string): Promise<void> => {
    await mkdir(lake.path(dirname(path)), { recursive: true });
    await lake.run(`COPY (${select}) TO '${lake.path(path)}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`);
  };
  const nothing = '__HIVE_DEFAULT_PARTITION__';
  await write(
    'mixed/day=2024-05-06/place=a%20b/1.parquet',
    `SELECT i::SMALLINT AS n, DATE '2024-01-01' + (i % 50)::INTEGER AS d, NULL::INTEGER AS nothing, i % 7 = 0 AS flag,
       i / 100 AS ratio, 'x' || i AS name, [i] AS list FROM range(5000) t(i)`,
  );
  await write(
    `mixed/day=${nothing}/place=b/2.parquet`,
    `SELECT (i * 1000000000)::BIGINT AS n, TIMESTAMP '2023-12-31 23:59:59.5' AS d, 5 AS late FROM range(-3, 3) t(i)`,
  );
  await write(`mixed/day=2030-01-01/place=${nothing}/3.parquet`, 'SELECT 7::INTEGER AS n WHERE false');
  const parts = ['2024-05-06/place=a%20b/1', `${nothing}/place=b/2`, `2030-01-01/place=${nothing}/3`];
  const reads = parts.map((part) => `'${lake.path('mixed', `day=${part}.parquet`)}'`).join(', ');
  const files = `(SELECT * REPLACE (n::BIGINT AS n, d::TIMESTAMP AS d, day::DATE AS day)
    FROM read_parquet([${reads}], union_by_name=true, hive_partitioning=true))`;
  const found = await known(lake.source(), 'mixed', files);
  expect(found).toEqual([
    'count_star()',
    ...allOf('n', 'd', 'nothing', 'flag'),
    'count(ratio)',
    ...allOf('name', 'late', 'day', 'place'),
  ]);
});

test('texts of every length, as DuckDB writes them', async () => {
  for (const length of [0, 8, 63, 64, 65, 255, 256, 257, 1000, 9999, 10_000, 20_000]) {
    const name = `text${length}`;
    await lake.run(
      `COPY (SELECT repeat('é', ${length} // 2) || repeat('z', ${length} % 2) || s AS t
        FROM (VALUES (''), ('a'), ('ÿ'), ('雪'), ('💣'), (chr(1))) v(s)) TO '${lake.path(name)}.parquet'`,
    );
    expect(await known(lake.source(), name, `'${lake.path(name)}.parquet'`)).toContain('count(t)');
  }
});

/** A file by a writer that says nothing of texts' lengths, and of bounds only where told to. */
async function writeNumbers(
  path: string,
  numbers: readonly (number | null)[],
  statistics = true,
): Promise<void> {
  const bytes = parquetWriteBuffer({
    columnData: [
      { name: 'n', data: [...numbers], type: 'INT32' },
      { name: 's', data: numbers.map((n) => (n === null ? null : `t${n}`)), type: 'STRING' },
      { name: 'f', data: numbers.map((n) => (n === null ? null : n / 2)), type: 'DOUBLE' },
    ],
    statistics,
  });
  await writeFile(lake.path(path), new Uint8Array(bytes));
}

test('what a writer does not vouch for is not known: floats, texts that may be cut, files without bounds', async () => {
  await writeNumbers('vouched.parquet', [3, null, -2]);
  expect(await known(lake.source(), 'vouched', `'${lake.path('vouched.parquet')}'`)).toEqual([
    'count_star()',
    ...allOf('n'),
    'count(s)',
    'count(f)',
  ]);
  await mkdir(lake.path('halves'));
  await writeNumbers('halves/1.parquet', [1, 2]);
  await writeNumbers('halves/2.parquet', [0, null], false);
  expect(await known(lake.source(), 'halves', `'${lake.path('halves')}/*.parquet'`)).toEqual([
    'count_star()',
  ]);
  const probe = await TableProbe.open(lake.source(), 'halves');
  const reasons = ['min', 'count'].map((fn) => reasonOf(planOf(probe, aggregate(fn, probe.column('n')))));
  const path = lake.path('halves', '2.parquet');
  expect(reasons).toEqual([
    `nothing says the least n of ${path} exactly`,
    `nothing counts the NULLs of n in ${path}`,
  ]);
  expect(reasonOf(planOf(probe, aggregate('max', probe.column('f'))))).toBe('bounds of f say nothing of NaN');
});

test('nothing is known of text files', async () => {
  await lake.run(`COPY (SELECT 1 AS n) TO '${lake.path('one.csv')}'`);
  expect(await known(lake.source(), 'one', `'${lake.path('one.csv')}'`)).toEqual([]);
});

test.each(['in place', 'fetched'])(
  'files that changed since planning answer as they are now, %s',
  async (way) => {
    const path = 'changing.parquet';
    await writeNumbers(path, [1, 2, null]);
    const source = way === 'fetched' ? lake.fetchedSource() : lake.source();
    const probe = await TableProbe.open(source, 'changing');
    const n = probe.column('n');
    const plan = planOf(
      probe,
      aggregate('count_star'),
      aggregate('count', n),
      aggregate('min', n),
      aggregate('max', n),
    );
    expect(plan).toMatchObject({ aggregated: true, native: expect.stringContaining('files 0 of 1') });
    const answer = async (): Promise<unknown> => {
      const result = await probe.execute(plan);
      const rows = await lake.rows(result.sql);
      await result.release();
      return [result.rows, ...rows];
    };
    expect(await answer()).toEqual([1, ['3', '2', 1, 2]]);
    await writeNumbers(path, [10, 20, 30, 40]);
    expect(await answer()).toEqual([1, ['4', '4', 10, 40]]);
    await writeNumbers(path, [7, null, 5, 6, 8], false);
    expect(await answer()).toEqual([1, ['5', '4', 5, 8]]);
  },
);

describe('the engine', () => {
  const statement = 'SELECT max(n) - min(n) AS span, count(*) AS rows, count(n) AS known FROM lake';

  test('opens no file for what footers say, and says so', async () => {
    await writeNumbers('span.parquet', [3, null, -2]);
    await using engine = await createEngine({ sources: [lake.source()] });
    const sql = `${statement}.span`;
    const { decisions, fragments } = await engine.explain(sql);
    expect(decisions).toContainEqual(
      expect.objectContaining({ piece: 'aggregate', outcome: 'pushed', code: 'STATISTICS_ANSWER' }),
    );
    expect(fragments).toMatchObject([{ native: expect.stringContaining('files 0 of 1') }]);
    const rows = await (await engine.query(sql)).rows();
    expect(rows).toEqual([{ span: 5, rows: 3n, known: 2n }]);
    expect(await (await engine.query(sql, { pushdown: 'off' })).rows()).toEqual(rows);
  });

  test('reads the rows where they do not', async () => {
    await writeNumbers('spanned.parquet', [3, null, -2], false);
    await using engine = await createEngine({ sources: [lake.source()] });
    const sql = `${statement}.spanned`;
    const { decisions } = await engine.explain(sql);
    expect(decisions).toContainEqual(
      expect.objectContaining({ piece: 'aggregate', outcome: 'kept', code: 'STATISTICS_UNSURE' }),
    );
    expect(await (await engine.query(sql)).rows()).toEqual([{ span: 5, rows: 3n, known: 2n }]);
  });

  test.each([
    'SELECT min(n) FROM lake.span WHERE n > 0',
    'SELECT min(n) FROM lake.span GROUP BY s ORDER BY 1',
    'SELECT count(DISTINCT n), min(n + 1), max(n) FILTER (n < 0) FROM lake.span',
    'SELECT count(*) FROM (SELECT n FROM lake.span LIMIT 2)',
    'SELECT 1 FROM (SELECT max(n) FROM lake.span)',
    'SELECT max(m) FROM (SELECT max(n) AS m FROM lake.span UNION ALL SELECT min(n) FROM lake.span)',
    'SELECT n FROM lake.span WHERE n = (SELECT max(n) FROM lake.span)',
  ])('%s answers as without pushdown', async (sql) => {
    await writeNumbers('span.parquet', [3, null, -2]);
    await using engine = await createEngine({ sources: [lake.source()] });
    const rows = await (await engine.query(sql)).rows();
    expect(rows).toEqual(await (await engine.query(sql, { pushdown: 'off' })).rows());
    expect(rows).not.toEqual([]);
  });
});
