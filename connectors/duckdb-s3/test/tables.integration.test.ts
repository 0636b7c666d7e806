import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { columnRef, compare, literal, typeName } from '@tributary/connector-sdk';
import type { LakeOptions } from '../src/index.js';
import { LakeFixture, TableProbe, call } from './lake-fixture.js';

let lake: LakeFixture;
beforeEach(async () => {
  lake = await LakeFixture.create();
});
afterEach(() => lake[Symbol.asyncDispose]());

async function write(sql: string, ...parts: string[]): Promise<void> {
  await mkdir(lake.path(...parts.slice(0, -1)), { recursive: true });
  await lake.run(`COPY (${sql}) TO '${lake.path(...parts).replaceAll("'", "''")}' (FORMAT parquet)`);
}

async function describeColumns(
  path: readonly string[],
  options: Partial<LakeOptions> = {},
): Promise<string[]> {
  const schema = await lake.source(options).describeTable(path, call);
  return (schema?.columns ?? []).map((column) => `${column.name} ${typeName(column.type)}`);
}

async function readAll(
  table: string,
  options: Partial<LakeOptions> = {},
): Promise<readonly (readonly unknown[])[]> {
  const probe = await TableProbe.open(lake.source(options), table);
  const result = await probe.execute(probe.plan([...probe.columns.keys()]));
  return lake.rows(`${result.sql} ORDER BY ALL`);
}

describe('discovery', () => {
  test('files, folders, partitioned folders and schemas become tables', async () => {
    await write('SELECT 1 AS a', 'orders.parquet');
    await write('SELECT 1 AS a', 'events', '1.parquet');
    await write('SELECT 1 AS a', 'sales', 'year=2025', 'month=01', 'x.parquet');
    await write('SELECT 1 AS a', 'crm', 'people', 'x.parquet');
    await write('SELECT 1 AS a', 'crm', 'visits', 'day=2025-01-01', 'x.parquet');
    await write('SELECT 1 AS a', 'deep', 'deeper', 'deepest', 'x.parquet');
    await write('SELECT 1 AS a', '_staging', 'x.parquet');
    await writeFile(lake.path('events', '_SUCCESS'), '');
    await writeFile(lake.path('README.md'), '');
    const tables = await lake.source().listTables(call);
    expect(tables.map(({ schema, name }) => (schema === undefined ? name : `${schema}.${name}`))).toEqual([
      'crm.people',
      'crm.visits',
      'events',
      'orders',
      'sales',
    ]);
    expect(await describeColumns(['sales'])).toEqual(['a INTEGER', 'year BIGINT', 'month BIGINT']);
    expect(await describeColumns(['CRM', 'Visits'])).toEqual(['a INTEGER', 'day DATE']);
    expect(await lake.source().describeTable(['nothing'], call)).toBeUndefined();
  });

  test('two files that claim one name are an error that lists them', async () => {
    await write('SELECT 1 AS a', 'orders.parquet');
    await writeFile(lake.path('orders.csv'), 'a\n1\n');
    await expect(lake.source().describeTable(['orders'], call)).rejects.toMatchObject({
      code: 'SQL.AMBIGUOUS_TABLE',
      candidates: [lake.path('orders.csv'), lake.path('orders.parquet')],
    });
  });

  test('a folder of two formats, and folders of unlike keys, are errors that name both files', async () => {
    await write('SELECT 1 AS a', 'mixed', 'a.parquet');
    await writeFile(lake.path('mixed', 'b.csv'), 'a\n1\n');
    await write('SELECT 1 AS a', 'keys', 'year=1', 'a.parquet');
    await write('SELECT 1 AS a', 'keys', 'b.parquet');
    await expect(lake.source().describeTable(['mixed'], call)).rejects.toThrow(/a\.parquet.*b\.csv/s);
    await expect(lake.source().describeTable(['keys'], call)).rejects.toThrow(/b\.parquet.*a\.parquet/s);
  });

  test('the files of a Delta table are not taken for its rows', async () => {
    await write('SELECT 1 AS a', 'delta', 'x.parquet');
    await mkdir(lake.path('delta', '_delta_log'));
    await expect(lake.source().describeTable(['delta'], call)).rejects.toThrow(/Delta table/);
  });

  test('a listing beyond maxFiles is an error', async () => {
    for (const name of ['1', '2', '3']) await write('SELECT 1 AS a', 't', `${name}.parquet`);
    await expect(lake.source({ maxFiles: 2 }).describeTable(['t'], call)).rejects.toThrow(
      /more than 2 files/,
    );
    expect(await describeColumns(['t'], { maxFiles: 3 })).toEqual(['a INTEGER']);
  });
});

describe('configured tables', () => {
  test.each(['b', 'file_index', 'FILE_INDEX'])(
    'rows have the values of their own folders, beside a column %s and a file without rows',
    async (column) => {
      await write(`SELECT 1 AS a, 7 AS ${column}`, 'keys', 'year=1', 'a.parquet');
      await write(`SELECT 2 AS a, 7 AS ${column} WHERE false`, 'keys', 'year=2', 'a.parquet');
      await write(`SELECT 3 AS a, 7 AS ${column}`, 'keys', 'year=3', 'a.parquet');
      await write(`SELECT 4 AS a, 7 AS ${column}`, 'keys', 'year=__HIVE_DEFAULT_PARTITION__', 'a.parquet');
      expect(await readAll('keys')).toEqual([
        [1, 7, '1'],
        [3, 7, '3'],
        [4, 7, null],
      ]);
    },
  );

  test('a glob, a file without extension, hive off, and types of choice', async () => {
    await write("SELECT 1 AS a, encode('x') AS b", 'raw', 'day=1', 'a.parquet');
    await write("SELECT 2 AS a, encode('é') AS b", 'raw', 'day=2', 'b.parquet');
    await write('SELECT 3 AS a', 'raw', 'day=2', 'other.parquet');
    await copyFile(lake.path('raw', 'day=1', 'a.parquet'), lake.path('data'));
    const tables: LakeOptions['tables'] = {
      some: { path: 'raw/**/?.parquet', columns: { a: 'DECIMAL(9,1)', B: 'VARCHAR', day: 'VARCHAR' } },
      one: { path: 'data', format: 'parquet', hive: false },
    };
    expect(await describeColumns(['some'], { tables })).toEqual([
      'a DECIMAL(9,1)',
      'b VARCHAR',
      'day VARCHAR',
    ]);
    expect(await readAll('some', { tables })).toEqual([
      ['1.0', 'x', '1'],
      ['2.0', 'é', '2'],
    ]);
    expect(await describeColumns(['one'], { tables })).toEqual(['a INTEGER', 'b BLOB']);
    expect((await lake.source({ tables }).listTables(call)).map(({ name }) => name)).toEqual(['some', 'one']);
  });
});

describe('schemas that differ between files', () => {
  test('columns are united by name and widened without loss', async () => {
    await write('SELECT 1::INTEGER AS a, 1.5::DECIMAL(4,2) AS d, 255::UTINYINT AS u', 't', '1.parquet');
    await write('SELECT 9007199254740993 AS "A", 7 AS d, -1::TINYINT AS u, \'new\' AS s', 't', '2.parquet');
    expect(await describeColumns(['t'])).toEqual(['a BIGINT', 'd DECIMAL(12,2)', 'u SMALLINT', 's VARCHAR']);
    expect(await readAll('t')).toEqual([
      ['1', '1.50', 255, null],
      ['9007199254740993', '7.00', -1, 'new'],
    ]);
  });

  test('types that no one type holds are an error that names both files, unless one is chosen', async () => {
    await write('SELECT 1::BIGINT AS a', 't', '1.parquet');
    await write("SELECT 'x' AS a", 't', '2.parquet');
    await expect(lake.source().describeTable(['t'], call)).rejects.toMatchObject({
      code: 'SOURCE.CORRUPT_DATA',
      message: expect.stringMatching(/BIGINT in .*1\.parquet and VARCHAR in .*2\.parquet/),
    });
    const tables = { t: { path: 't', columns: { a: 'VARCHAR' } } };
    expect(await readAll('t', { tables })).toEqual([['1'], ['x']]);
  });

  test('types that the engine lacks arrive as text', async () => {
    await write("SELECT 1 AS a, {'x': 1}::VARIANT AS v", 't.parquet');
    expect(await describeColumns(['t'])).toEqual(['a INTEGER', 'v VARCHAR']);
    expect(await readAll('t')).toEqual([[1, expect.stringContaining('x')]]);
  });
});

describe('hostile names', () => {
  const odd = [
    'a b',
    "it's",
    'q"q',
    '[1]',
    'x*y?',
    'ü 雪',
    'per%20cent',
    'semi;colon',
    '--',
    'back\\slash',
    '{a,b}',
  ];

  test('of files and folders', async () => {
    for (const [index, name] of odd.entries()) {
      await write(`SELECT ${index} AS n`, 'plain.parquet');
      await copyFile(lake.path('plain.parquet'), lake.path(`${name}.parquet`));
      await mkdir(lake.path('folders', name), { recursive: true });
    }
    // What a careless reader of `[1]` or `x*y?` would find instead.
    for (const decoy of ['1', 'xzyz']) await write('SELECT -1 AS n', `${decoy}.parquet`);
    for (const [index, name] of odd.entries()) expect(await readAll(name)).toEqual([[index]]);
  });

  test('of columns', async () => {
    const columns = [...odd, 'file_path', 'filename', 'file_row_number', 'select', 'p', 'f'];
    const list = columns.map((name, i) => `${i} AS "${name.replaceAll('"', '""')}"`).join(', ');
    await write(`SELECT ${list}`, 't', 'k=1', 'x.parquet');
    await write(`SELECT ${list}`, 't', 'k=2', 'x.parquet');
    const row = columns.map((_, index) => index);
    expect(await readAll('t')).toEqual([
      [...row, '1'],
      [...row, '2'],
    ]);
  });

  test('of partition values and keys, which DuckDB would read otherwise', async () => {
    const folders = ['k=NULL', 'k=x=y', 'k=a%2Fb', 'k=', "k=it's", 'k=__HIVE_DEFAULT_PARTITION__', 'k=50%'];
    for (const folder of folders) await write('SELECT 1 AS n', 't', folder, 'x.parquet');
    expect(await readAll('t')).toEqual(
      ['', '50%', 'NULL', 'a/b', "it's", 'x=y', null].map((value) => [1, value]),
    );
  });

  test('folders above the table are no partitions', async () => {
    await write('SELECT 1 AS n', 'env=prod', 't', 'x.parquet');
    const source = lake.source({ root: lake.path('env=prod') });
    const probe = await TableProbe.open(source, 't');
    expect([...probe.columns.keys()]).toEqual(['n']);
  });
});

test('a table that the source has forgotten since it was described is planned and read all the same', async () => {
  await write("SELECT 1 AS n, 'x' AS s UNION ALL SELECT 2, 'y'", 't', 'k=5', 'x.parquet');
  const probe = await TableProbe.open(lake.source(), 't');
  const [n, s, k] = ['n', 's', 'k'].map((name) => columnRef(probe.column(name)));
  if (n === undefined || s === undefined || k === undefined) throw new Error('no columns');
  const filters = [compare('>', n, literal(n.type, '1')), compare('=', k, literal(k.type, '5'))];
  const { request } = probe.plan(['s'], filters);
  const forgetful = lake.source();
  const plan = forgetful.planRemoteQuery(request);
  expect(plan.residual).toEqual({ filters: [], limit: false });
  const result = await probe.execute(plan, {}, forgetful);
  expect(await lake.rows(result.sql)).toEqual([['y']]);
});
