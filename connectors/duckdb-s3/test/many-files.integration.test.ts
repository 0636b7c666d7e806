import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, createEngine } from '@tributary/core';
import { fileBytes } from '@tributary/store-testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLakeSource } from '../src/index.js';
import { MemoryS3 } from './support/memory-s3.js';

const days = 200;

let s3: MemoryS3;
let cache: string;
beforeEach(async () => {
  s3 = await MemoryS3.start();
  cache = await mkdtemp(join(tmpdir(), 'lake-cache-'));
  const plain = await fileBytes('SELECT i::INTEGER AS i, i % 7 AS kind FROM range(100) t(i)');
  for (let day = 0; day < days; day += 1) put(day, plain);
});
afterEach(async () => {
  await s3[Symbol.asyncDispose]();
  await rm(cache, { recursive: true, force: true });
});

function put(day: number, bytes: Buffer): void {
  s3.put(`t/day=${day}/part.parquet`, bytes);
}

function engineOver(): Promise<Engine> {
  const source = createLakeSource('far', {
    root: `s3://${s3.bucket}`,
    s3: { endpoint: s3.endpoint, accessKeyId: s3.accessKeyId, secretAccessKey: s3.secretAccessKey },
    cache: { directory: cache },
  });
  return createEngine({ sources: [source] });
}

async function rows(engine: Engine, sql: string): Promise<readonly unknown[]> {
  return (await engine.query(sql)).rows();
}

function objectsRead(): number {
  return new Set(s3.requests.filter(({ kind }) => kind === 'get').map(({ key }) => key)).size;
}

describe('a table of many files', () => {
  test('one of its partitions costs a sample of footers and its own', async () => {
    await using engine = await engineOver();
    expect(await rows(engine, 'SELECT sum(i) AS s FROM far.t WHERE day = 57')).toEqual([{ s: 4950n }]);
    expect(objectsRead()).toBeLessThanOrEqual(17);
    s3.forget();
    expect(await rows(engine, 'SELECT sum(i) AS s FROM far.t WHERE day = 57')).toEqual([{ s: 4950n }]);
    expect(objectsRead()).toBe(0);
  });

  test('all of it is all of it', async () => {
    await using engine = await engineOver();
    const sql = 'SELECT count(*) AS n, sum(i) AS s, max(kind) AS k, count(DISTINCT day) AS d FROM far.t';
    expect(await rows(engine, sql)).toEqual([{ n: 20_000n, s: 990_000n, k: 6n, d: 200n }]);
  });

  test('counts and extremes are looked up in all of the footers', async () => {
    put(101, await fileBytes('SELECT 5000::INTEGER AS i, NULL::BIGINT AS kind'));
    await using engine = await engineOver();
    const sql = 'SELECT count(*) AS n, min(i) AS low, max(i) AS high, count(kind) AS kinds FROM far.t';
    expect(await rows(engine, sql)).toEqual([{ n: 19_901n, low: 0, high: 5000, kinds: 19_900n }]);
    expect(objectsRead()).toBe(days);
    expect(s3.requests.filter(({ kind }) => kind === 'get')).toHaveLength(days);
  });

  test('a limit looks at as many files as it needs', async () => {
    await using engine = await engineOver();
    expect(await rows(engine, 'SELECT i FROM far.t LIMIT 1500 OFFSET 100')).toHaveLength(1500);
    expect(objectsRead()).toBeLessThanOrEqual(40);
  });

  test('its rows are estimated from the sample', async () => {
    await using engine = await engineOver();
    const { fragments } = await engine.explain('SELECT i FROM far.t');
    expect(fragments[0]?.estimatedRows).toBe(20_000);
  });
});

describe('files that the sample did not tell of', () => {
  test('a wider type is found when they are read', async () => {
    put(57, await fileBytes('SELECT 5000000000::BIGINT AS i, 1::BIGINT AS kind'));
    await using engine = await engineOver();
    const result = await engine.query('SELECT max(i) + 1 AS m FROM far.t WHERE day BETWEEN 56 AND 58');
    expect(await result.rows()).toEqual([{ m: 5_000_000_001n }]);
  });

  test('a further column is found when they are read, and when it is named', async () => {
    put(57, await fileBytes(`SELECT 1::INTEGER AS i, 2::BIGINT AS kind, 'x' AS note`));
    put(58, await fileBytes(`SELECT 1::INTEGER AS i, 2::BIGINT AS kind, 3.5 AS score`));
    const row = { i: 1, kind: 2n, note: 'x', day: 57n };
    {
      await using engine = await engineOver();
      expect(await rows(engine, 'SELECT * FROM far.t WHERE day = 57')).toEqual([row]);
      expect(await rows(engine, 'SELECT * FROM far.t WHERE day = 58')).toEqual([
        { i: 1, kind: 2n, note: null, score: '3.5', day: 58n },
      ]);
    }
    await using engine = await engineOver();
    expect(await rows(engine, 'SELECT note FROM far.t WHERE score IS NULL AND note IS NOT NULL')).toEqual([
      { note: 'x' },
    ]);
    const error: unknown = await rows(engine, 'SELECT nothing FROM far.t').catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'SQL.BIND' });
  });

  test('a name that only they have is looked for where it might mean something else', async () => {
    s3.put('o.parquet', await fileBytes(`SELECT 1::BIGINT AS id, 7 AS i, 'x' AS note`));
    put(57, await fileBytes(`SELECT 1::INTEGER AS i, 2::BIGINT AS kind, 'y' AS note`));
    const exists = `SELECT id FROM far.o WHERE EXISTS (SELECT 1 FROM far.t WHERE day = 58 AND note = 'x')`;
    for (const [sql, expected] of [
      [exists, []],
      ['SELECT count(*) AS n FROM far.o NATURAL JOIN (SELECT * FROM far.t WHERE day = 58)', [{ n: 0n }]],
      [`SELECT t.kind FROM far.t WHERE day = 57 AND note = 'y'`, [{ kind: 2n }]],
    ] as const) {
      await using engine = await engineOver();
      expect(await rows(engine, sql), sql).toEqual(expected);
      expect(await rows(engine, exists)).toEqual([]);
    }
    await using engine = await engineOver();
    const error: unknown = await rows(
      engine,
      'SELECT note, t.i FROM far.o JOIN far.t ON o.i = t.i WHERE day = 58',
    ).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'SQL.BIND' });
  });

  test('names that are told apart cost no further look', async () => {
    s3.put('o.parquet', await fileBytes(`SELECT 1::BIGINT AS id, 7 AS i, 'x' AS note`));
    await using engine = await engineOver();
    const sql = `SELECT o.note, sum(kind) AS s FROM far.o JOIN far.t t ON o.i = t.i WHERE day = 58 GROUP BY o.note`;
    expect(await rows(engine, sql)).toEqual([{ note: 'x', s: 0n }]);
    expect(objectsRead()).toBeLessThanOrEqual(18);
  });

  test('sessions that find them at once, and names that are spelt otherwise', async () => {
    put(57, await fileBytes(`SELECT 1::INTEGER AS i, 2::BIGINT AS kind, 'x' AS note`));
    put(58, await fileBytes(`SELECT 5000000000::BIGINT AS i, 2::BIGINT AS kind`));
    await using engine = await engineOver();
    expect(await rows(engine, 'SELECT count(note) AS n FROM far.T')).toEqual([{ n: 1n }]);
    expect(await rows(engine, 'SELECT count(note) AS n FROM far.main.t')).toEqual([{ n: 1n }]);
    await using another = await engineOver();
    const named = [1, 2, 3].map((n) => rows(another, `SELECT note, ${n} AS n FROM far.t WHERE day = 57`));
    expect((await Promise.all(named)).flat()).toEqual([1, 2, 3].map((n) => ({ note: 'x', n })));
    await using third = await engineOver();
    const drifted = [57, 58, 57, 58].map((day) =>
      rows(third, `SELECT max(i) AS m FROM far.t WHERE day = ${day}`),
    );
    await Promise.all(drifted);
    await using fourth = await engineOver();
    for (const [day, column] of [
      [3, 'a'],
      [10, 'b'],
      [25, 'c'],
    ] as const)
      put(day, await fileBytes(`SELECT 1::INTEGER AS i, 2::BIGINT AS kind, 1 AS ${column}`));
    expect(await rows(fourth, 'SELECT i FROM far.t LIMIT 3500')).toHaveLength(3500);
  });

  test('every file may have a column of its own', async () => {
    for (let day = 0; day < 60; day += 1)
      s3.put(`own/day=${day}/x.parquet`, await fileBytes(`SELECT ${day}::INTEGER AS i, 1 AS c${day}`));
    await using engine = await engineOver();
    expect(await rows(engine, 'SELECT count(DISTINCT i) AS n FROM far.own')).toEqual([{ n: 60n }]);
  });

  test('what has been looked at as a whole stays so while others run', async () => {
    put(57, await fileBytes(`SELECT 1::INTEGER AS i, 2::BIGINT AS kind, 'x' AS note`));
    await using engine = await engineOver();
    const others = Array.from({ length: 12 }, (_, n) =>
      rows(engine, `SELECT sum(i) + ${n % 3} AS s FROM far.t WHERE day = 5`),
    );
    const named = Array.from({ length: 8 }, (_, n) =>
      rows(engine, `SELECT note, ${n} AS n FROM far.t WHERE day = 58 LIMIT 1`),
    );
    expect((await Promise.all(named)).flat()).toEqual(
      Array.from({ length: 8 }, (_, n) => ({ note: null, n })),
    );
    await Promise.all(others);
  });

  test('one statement over several such tables', async () => {
    const [plain, odd] = [
      await fileBytes('SELECT 1::INTEGER AS i'),
      await fileBytes('SELECT 5000000000::BIGINT AS i'),
    ];
    for (const table of ['a', 'b', 'c'])
      for (let day = 0; day < 60; day += 1) s3.put(`${table}/day=${day}/x.parquet`, day === 7 ? odd : plain);
    await using engine = await engineOver();
    const sql = `SELECT a.i + b.i + c.i AS s FROM far.a JOIN far.b USING (day) JOIN far.c USING (day) WHERE day = 7`;
    expect(await rows(engine, sql)).toEqual([{ s: 15_000_000_000n }]);
  });

  test('a type that goes with no other is an error that names both files', async () => {
    put(57, await fileBytes(`SELECT 'x' AS i, 1::BIGINT AS kind`));
    await using engine = await engineOver();
    expect(await rows(engine, 'SELECT sum(i) AS s FROM far.t WHERE day = 58')).toEqual([{ s: 4950n }]);
    const error: unknown = await rows(engine, 'SELECT sum(i) AS s FROM far.t').catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'SOURCE.CORRUPT_DATA', object: 's3://lake/t/day=57/part.parquet' });
  });
});
