import { mkdir, open, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LakeFixture, TableProbe, call } from './lake-fixture.js';

let lake: LakeFixture;
beforeEach(async () => {
  lake = await LakeFixture.create();
});
afterEach(() => lake[Symbol.asyncDispose]());

async function writeNumbers(...parts: string[]): Promise<string> {
  const path = lake.path(...parts);
  await lake.run(`COPY (SELECT i AS n, 'row ' || i AS s FROM range(5000) t(i)) TO '${path}'`);
  return path;
}

describe('a damaged file is an error that names it and how to mend it', () => {
  test.each([
    ['cut to half', async (path: string, size: number) => truncate(path, Math.floor(size / 2))],
    ['cut by one byte', async (path: string, size: number) => truncate(path, size - 1)],
    ['empty', async (path: string) => truncate(path, 0)],
    ['not Parquet', async (path: string) => writeFile(path, 'id,name\n1,x\n')],
    ['encrypted', async (path: string, size: number) => overwrite(path, size - 4, 'PARE')],
    [
      'damaged in its footer',
      async (path: string, size: number) => overwrite(path, size - 60, '\xff'.repeat(40)),
    ],
    [
      'with a lying footer length',
      async (path: string, size: number) => overwrite(path, size - 8, '\xff\xff\xff\x7f'),
    ],
  ])('%s', async (_name, damage) => {
    const path = await writeNumbers('numbers.parquet');
    await damage(path, (await readFile(path)).length);
    const failure = { code: 'SOURCE.CORRUPT_DATA', sourceId: 'lake', object: path, retryable: false };
    await expect(lake.source().describeTable(['numbers'], call)).rejects.toMatchObject({
      ...failure,
      message: expect.stringContaining(path),
      fix: expect.stringMatching(/restore/i),
    });
    const health = await lake.source().checkHealth(call);
    expect(health.healthy).toBe(false);
    expect(health.findings.some(({ level, message }) => level === 'error' && message.includes(path))).toBe(
      true,
    );
  });

  test('cut off between the plan and the run', async () => {
    const path = await writeNumbers('numbers.parquet');
    const probe = await TableProbe.open(lake.source(), 'numbers');
    const plan = probe.plan(['n']);
    await truncate(path, 1000);
    await expect(probe.execute(plan)).rejects.toMatchObject({ code: 'SOURCE.CORRUPT_DATA', object: path });
  });

  test('with data missing before a whole footer', async () => {
    const path = await writeNumbers('numbers.parquet');
    const bytes = await readFile(path);
    const footer = bytes.readUInt32LE(bytes.length - 8) + 8;
    await writeFile(path, Buffer.concat([Buffer.from('PAR1'), bytes.subarray(-footer)]));
    await expect(lake.source().describeTable(['numbers'], call)).rejects.toMatchObject({
      code: 'SOURCE.CORRUPT_DATA',
      message: expect.stringContaining('past its end'),
    });
  });
});

describe('files that change between the plan and the run', () => {
  test('one that is gone is an error', async () => {
    await mkdir(lake.path('numbers'));
    await writeNumbers('numbers', '1.parquet');
    const path = await writeNumbers('numbers', '2.parquet');
    const probe = await TableProbe.open(lake.source(), 'numbers');
    const plan = probe.plan(['n']);
    await rm(path);
    await expect(probe.execute(plan)).rejects.toMatchObject({
      code: 'SOURCE.MISSING_OBJECT',
      object: path,
      retryable: true,
    });
  });

  test('a table that is gone is an error', async () => {
    const path = await writeNumbers('numbers.parquet');
    const probe = await TableProbe.open(lake.source(), 'numbers');
    const plan = probe.plan(['n']);
    await rm(path);
    await expect(probe.execute(plan)).rejects.toMatchObject({ code: 'SOURCE.MISSING_OBJECT' });
  });

  test('another type is an error', async () => {
    const path = await writeNumbers('numbers.parquet');
    const probe = await TableProbe.open(lake.source(), 'numbers');
    const plan = probe.plan(['n']);
    await lake.run(`COPY (SELECT 'x' AS n) TO '${path}'`);
    await expect(probe.execute(plan)).rejects.toMatchObject({
      code: 'SOURCE.MISSING_OBJECT',
      message: expect.stringContaining('VARCHAR'),
    });
  });

  test('NULLs in a column that was planned to have none are an error', async () => {
    await mkdir(lake.path('numbers', 'p=1'), { recursive: true });
    await writeNumbers('numbers', 'p=1', 'x.parquet');
    const probe = await TableProbe.open(lake.source(), 'numbers');
    const plan = probe.plan(['p']);
    await mkdir(lake.path('numbers', 'p=__HIVE_DEFAULT_PARTITION__'));
    await writeNumbers('numbers', 'p=__HIVE_DEFAULT_PARTITION__', 'x.parquet');
    await expect(probe.execute(plan)).rejects.toMatchObject({
      code: 'SOURCE.MISSING_OBJECT',
      message: expect.stringContaining('has NULLs now'),
    });
  });

  test('new and rewritten files are read as they are at the run', async () => {
    await mkdir(lake.path('numbers'));
    const first = await writeNumbers('numbers', '1.parquet');
    const probe = await TableProbe.open(lake.source(), 'numbers');
    const plan = probe.plan(['n']);
    await lake.run(`COPY (SELECT i AS n, '' AS s FROM range(7) t(i)) TO '${first}'`);
    await lake.run(`COPY (SELECT i AS n FROM range(3) t(i)) TO '${lake.path('numbers', '2.parquet')}'`);
    const result = await probe.execute(plan);
    expect(result.rows).toBe(10);
    expect(await lake.rows(`SELECT count(*)::INTEGER FROM (${result.sql})`)).toEqual([[10]]);
  });
});

describe('what lies outside of the root stays there', () => {
  test('a link to a file elsewhere is refused by name', async () => {
    const outside = await LakeFixture.create();
    await outside.run(`COPY (SELECT 1 AS a) TO '${outside.path('secret.parquet')}'`);
    await mkdir(lake.path('t'));
    await writeNumbers('t', '1.parquet');
    await symlink(outside.path('secret.parquet'), lake.path('t', 'link.parquet'));
    await symlink(outside.root, lake.path('folder'));
    const source = lake.source();
    await expect(source.describeTable(['t'], call)).rejects.toMatchObject({
      code: 'SOURCE.PERMISSION',
      object: lake.path('t', 'link.parquet'),
    });
    expect(await source.describeTable(['folder', 'secret'], call)).toBeUndefined();
    await outside[Symbol.asyncDispose]();
  });

  test.each(['../*.parquet', '/etc/hosts', '../../etc'])('a table at %s is refused', async (path) => {
    const source = lake.source({ tables: { t: { path, format: 'csv' } } });
    await expect(source.describeTable(['t'], call)).rejects.toMatchObject({
      code: expect.stringMatching(/^SOURCE\.(PERMISSION|MISSING_OBJECT)$/),
    });
  });

  test.each([
    ['file', 't.parquet', 'secret.parquet'],
    ['folder', 't', ''],
  ])('a link that takes the place of a known %s is refused', async (_, name, target) => {
    await using outside = await LakeFixture.create();
    await outside.run(`COPY (SELECT 1::BIGINT AS n, '' AS s) TO '${outside.path('secret.parquet')}'`);
    if (target === '') await mkdir(lake.path(name));
    await writeNumbers(name, ...(target === '' ? ['1.parquet'] : []));
    const probe = await TableProbe.open(lake.source(), 't');
    const plan = probe.plan(['n']);
    await rm(lake.path(name), { recursive: true });
    await symlink(outside.path(target), lake.path(name));
    await expect(probe.execute(plan)).rejects.toMatchObject({
      code: 'SOURCE.PERMISSION',
      object: lake.path(name),
    });
  });

  test('a pattern below a link to a folder elsewhere is refused', async () => {
    await using outside = await LakeFixture.create();
    await outside.run(`COPY (SELECT 1 AS a) TO '${outside.path('secret.parquet')}'`);
    await symlink(outside.root, lake.path('folder'));
    const source = lake.source({ tables: { t: { path: 'folder/*.parquet' } } });
    await expect(source.describeTable(['t'], call)).rejects.toMatchObject({ code: 'SOURCE.PERMISSION' });
  });

  test('a link inside the root is followed, a loop of links is not', async () => {
    await mkdir(lake.path('data'));
    await writeNumbers('data', '1.parquet');
    await mkdir(lake.path('t', 'year=2025'), { recursive: true });
    await symlink(lake.path('data', '1.parquet'), lake.path('t', 'year=2025', 'link.parquet'));
    await symlink(lake.path('t'), lake.path('t', 'year=2025', 'loop'));
    const probe = await TableProbe.open(lake.source(), 't');
    const result = await probe.execute(probe.plan(['n', 'year']));
    expect(await lake.rows(`SELECT count(*)::INTEGER, max(year)::INTEGER FROM (${result.sql})`)).toEqual([
      [5000, 2025],
    ]);
  });
});

test('a folder that takes the place of a file since planning is read as one, and the other way', async () => {
  const path = await writeNumbers('t.parquet');
  const source = lake.source({ tables: { t: { path: 't.parquet' } } });
  const probe = await TableProbe.open(source, 't');
  const rows = async (): Promise<unknown> => {
    const known = await TableProbe.open(source, 't');
    const { sql } = await known.execute(known.plan(['n']));
    return lake.rows(`SELECT count(*)::INTEGER FROM (${sql})`);
  };
  const plan = probe.plan(['n']);
  await rm(path);
  await mkdir(path);
  await writeNumbers('t.parquet', '1.parquet');
  await writeNumbers('t.parquet', '2.parquet');
  // The file that was planned is gone, of which the engine makes a new plan.
  await expect(probe.execute(plan)).rejects.toMatchObject({ code: 'SOURCE.MISSING_OBJECT', object: path });
  expect(await rows()).toEqual([[10_000]]);
  await rm(path, { recursive: true });
  await writeNumbers('t.parquet');
  expect(await rows()).toEqual([[5000]]);
});

test('a root that does not exist is an error of every call, and unhealthy', async () => {
  const source = lake.source({ root: lake.path('nowhere') });
  await expect(source.listTables(call)).rejects.toMatchObject({ code: 'SOURCE.MISSING_OBJECT' });
  expect(await source.checkHealth(call)).toMatchObject({ healthy: false });
});

test('an aborted call ends with the reason of the abort', async () => {
  await writeNumbers('numbers.parquet');
  const signal = AbortSignal.abort();
  await expect(lake.source().describeTable(['numbers'], { signal })).rejects.toMatchObject({
    code: 'QUERY.CANCELLED',
  });
});

async function overwrite(path: string, position: number, latin1: string): Promise<void> {
  const file = await open(path, 'r+');
  await file.write(Buffer.from(latin1, 'latin1'), 0, latin1.length, position);
  await file.close();
}
