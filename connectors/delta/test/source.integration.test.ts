import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Engine, createEngine, createSourceFromConnector } from '@tributary/core';
import { delta } from '../src/index.js';
import { fixtures, rowsOf } from './golden.js';

const tables = join(fixtures, 'tables');
const call = { signal: new AbortController().signal };

let root: string;
let engine: Engine;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'delta-'));
  await cp(join(tables, 'evolution'), join(root, 'sales', 'evolution'), { recursive: true });
  await cp(join(tables, 'deletions'), join(root, 'deletions'), { recursive: true });
  engine = await open({});
});
afterEach(async () => {
  await engine.close();
  await rm(root, { recursive: true, force: true });
});

async function open(options: object): Promise<Engine> {
  return createEngine({ sources: [await createSourceFromConnector(delta, 'lake', { root, ...options })] });
}

async function reopen(options: object): Promise<void> {
  await engine.close();
  engine = await open(options);
}

const count = (table: string) => rowsOf(engine, `SELECT count(*)::INTEGER AS n FROM ${table}`);

describe('which tables there are', () => {
  test('folders with a log, and folders of such', async () => {
    await mkdir(join(root, 'no table', 'deeper', '_delta_log'), { recursive: true });
    await mkdir(join(root, '_hidden', '_delta_log'), { recursive: true });
    const names = (await engine.listTables('lake')).map(({ schema, name }) => [schema, name]);
    expect(names).toEqual([
      [undefined, 'deletions'],
      ['no table', 'deeper'],
      ['sales', 'evolution'],
    ]);
    expect(await count('lake.sales.evolution')).toEqual([{ n: 2 }]);
    expect(await count('LAKE.Sales.EVOLUTION')).toEqual([{ n: 2 }]);
  });

  test.each(['lake.nothing', 'lake."sales@v1"', 'lake."..".x', 'lake."a/b"', 'lake."nothing$history"'])(
    '%s is none',
    async (name) => {
      await expect(count(name)).rejects.toMatchObject({ code: 'SQL.UNKNOWN_TABLE' });
    },
  );

  test('the configured ones, at their versions', async () => {
    const { timestamp } = JSON.parse(
      await readFile(join(fixtures, 'expected', 'deletions.history.json'), 'utf8'),
    )[0] as { readonly timestamp: number };
    await reopen({
      tables: {
        Old: { path: './deletions/', version: 2 },
        late: { path: 'deletions', timestamp: new Date(timestamp + 1e9).toISOString() },
        new: { path: 'deletions' },
      },
    });
    expect((await engine.listTables('lake')).map(({ name }) => name)).toEqual(['Old', 'late', 'new']);
    expect(await count('lake.old')).toEqual([{ n: 1000 }]);
    expect(await count('lake."old@v3"')).toEqual([{ n: 900 }]);
    expect(await count('lake.new')).toEqual(await count('lake.late'));
    await expect(count('lake.deletions')).rejects.toMatchObject({ code: 'SQL.UNKNOWN_TABLE' });
  });

  test('versions and times in SQL', async () => {
    expect(await count('lake.deletions AT (VERSION => 2)')).toEqual([{ n: 1000 }]);
    const joined = `SELECT count(*)::INTEGER AS n FROM lake.deletions old AT (VERSION => 2)
      WHERE NOT EXISTS (FROM lake.deletions new AT (VERSION => 3) WHERE new.id = old.id)`;
    expect(await rowsOf(engine, joined)).toEqual([{ n: 100 }]);
    expect(await count("lake.deletions AT (TIMESTAMP => '2999-01-01')")).toEqual(
      await count('lake.deletions'),
    );
    await engine.query('CREATE VIEW before AS SELECT * FROM lake.deletions AT (VERSION => 2)');
    expect(await count('before')).toEqual([{ n: 1000 }]);
  });

  test('a root that is a table', async () => {
    await reopen({ root: join(root, 'deletions'), tables: { t: { path: '.', version: 2 } } });
    expect(await count('lake.t')).toEqual([{ n: 1000 }]);
  });

  test('a root that is not there', async () => {
    await reopen({ root: join(root, 'nowhere') });
    await expect(engine.listTables('lake')).rejects.toMatchObject({ code: 'SOURCE.MISSING_OBJECT' });
  });

  test('a history is described, and is no table of the listing', async () => {
    const { schema } = await engine.describeTable('lake."deletions$history"');
    expect(schema.columns.map(({ name }) => name)).toContain('operation_parameters');
    expect(
      await rowsOf(
        engine,
        `SELECT operation_parameters->>'predicate' AS p FROM lake."deletions$history" WHERE operation = 'DELETE' AND version = 3`,
      ),
    ).toEqual([{ p: expect.stringContaining('10') }]);
  });
});

describe('what goes wrong is said by name', () => {
  test.each([
    ['lake."deletions@v99"', 'has no version 99: its newest is 6'],
    ['lake."deletions@1999-01-01"', 'has no version as old as 1999-01-01'],
  ])('%s', async (table, message) => {
    await expect(count(table)).rejects.toMatchObject({
      code: 'SOURCE.MISSING_OBJECT',
      message: expect.stringContaining(message),
    });
  });

  test('a file that VACUUM took', async () => {
    const folder = join(root, 'deletions');
    const files = (await readdir(folder)).filter((name) => name.endsWith('.parquet'));
    for (const name of files) await rm(join(folder, name));
    const failed = rowsOf(engine, 'SELECT * FROM lake.deletions');
    await expect(failed).rejects.toMatchObject({
      code: 'SOURCE.MISSING_OBJECT',
      message: expect.stringMatching(
        /part-.*parquet, a file of version 6 of its Delta table, does not exist/,
      ),
      fix: expect.stringContaining('VACUUM'),
    });
  });

  test('a file that VACUUM takes after it was read once', async () => {
    const folder = join(root, 'sales', 'evolution');
    await rowsOf(engine, 'SELECT * FROM lake.sales.evolution');
    for (const name of await readdir(folder)) if (name.endsWith('.parquet')) await rm(join(folder, name));
    await expect(rowsOf(engine, 'SELECT * FROM lake.sales.evolution')).rejects.toMatchObject({
      code: 'SOURCE.MISSING_OBJECT',
      message: expect.stringContaining('part-'),
    });
  });

  test('a deletion vector that is gone, or damaged', async () => {
    const folder = join(root, 'deletions');
    const vectors = (await readdir(folder)).filter((name) => name.endsWith('.bin'));
    for (const name of vectors) await truncate(join(folder, name), 20);
    await expect(rowsOf(engine, 'SELECT * FROM lake.deletions')).rejects.toMatchObject({
      code: 'SOURCE.CORRUPT_DATA',
    });
    for (const name of vectors) await rm(join(folder, name));
    await expect(rowsOf(engine, 'SELECT * FROM lake.deletions')).rejects.toMatchObject({
      code: 'SOURCE.MISSING_OBJECT',
    });
  });

  test('a file of another size than the log says', async () => {
    const folder = join(root, 'sales', 'evolution');
    for (const name of await readdir(folder)) {
      if (name.endsWith('.parquet')) await writeFile(join(folder, name), 'PAR1');
    }
    await expect(rowsOf(engine, 'SELECT * FROM lake.sales.evolution')).rejects.toMatchObject({
      code: 'SOURCE.CORRUPT_DATA',
      message: expect.stringContaining('4 bytes where the log of its Delta table says'),
    });
  });

  test('a commit that is cut short', async () => {
    const log = join(root, 'deletions', '_delta_log');
    await writeFile(join(log, '00000000000000000007.json'), '{"add":{"path":"x","si');
    await expect(count('lake.deletions')).rejects.toMatchObject({
      code: 'SOURCE.CORRUPT_DATA',
      message: expect.stringContaining('00000000000000000007.json'),
    });
  });

  test('a feature that is not known', async () => {
    const log = join(root, 'deletions', '_delta_log');
    const protocol = { minReaderVersion: 3, minWriterVersion: 7, readerFeatures: ['fromTheFuture'] };
    await writeFile(join(log, '00000000000000000007.json'), JSON.stringify({ protocol }));
    await expect(count('lake.deletions')).rejects.toMatchObject({
      code: 'SOURCE.UNSUPPORTED_FORMAT',
      message: expect.stringContaining('"fromTheFuture"'),
    });
    const health = await engine.sources()[0]?.checkHealth(call);
    expect(health?.findings).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining('fromTheFuture') }),
    );
  });

  test('nothing outside of the root is read', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'delta-outside-'));
    try {
      await cp(join(tables, 'int96'), join(outside, 'int96'), { recursive: true });
      await symlink(join(outside, 'int96'), join(root, 'linked'));
      await expect(count('lake.linked')).rejects.toMatchObject({ code: 'SOURCE.PERMISSION' });
      const [file = ''] = (await readdir(join(outside, 'int96'))).filter((name) => name.endsWith('.parquet'));
      const add = { path: join(outside, 'int96', file), size: 1, partitionValues: {}, modificationTime: 0 };
      const log = join(root, 'deletions', '_delta_log');
      await writeFile(join(log, '00000000000000000007.json'), JSON.stringify({ add }));
      await expect(count('lake.deletions')).rejects.toMatchObject({ code: 'SOURCE.PERMISSION' });
    } finally {
      await rm(outside, { recursive: true, force: true });
    }
  });
});
