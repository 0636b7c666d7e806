import type { IFederatedDataSource } from '@tributary/connector-sdk';
import { createEngine } from '@tributary/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPostgresSource } from '../../postgres/src/index.js';
import { TestServer } from '../../postgres/test/support/server.js';
import { createMySqlSource } from '../src/index.js';
import { RunningServer } from './support/server.js';

/**
 * Statements that read twice from each of two sources keep a connection of the one for their snapshot while they wait for one of the
 * other: the pools are smaller than the crowd, and half of it comes from the other side.
 */
const statements = 64;
const poolSize = 2;
/** So slow that keys are sent, and the second statement waits for the other source's first. */
const bandwidthMbps = 1;

let pg: TestServer;
let my: RunningServer;

const tables = (numbers: string, analyse: string, pause: string): readonly string[] => [
  `CREATE TABLE few AS SELECT g AS k FROM ${numbers} WHERE g <= 10`,
  // Slow, so that all are under way before the first has its keys.
  `CREATE VIEW l AS SELECT k FROM few WHERE ${pause} IS NOT NULL`,
  ...['m', 'r', 's'].map((name) => `CREATE TABLE ${name} AS SELECT g AS k, g + 1 AS n FROM ${numbers}`),
  ...['m', 'r', 's'].map((name) => `CREATE INDEX ${name}_k ON ${name} (k)`),
  analyse,
];

beforeAll(async () => {
  pg = await TestServer.open(
    tables('generate_series(1, 20000) AS q(g)', 'ANALYZE', 'pg_sleep(0.02)').join(';'),
  );
  my = await RunningServer.open('mysql', { cte_max_recursion_depth: '100000' });
  const numbers =
    '(WITH RECURSIVE q AS (SELECT 1 AS g UNION ALL SELECT g + 1 FROM q WHERE g < 20000) SELECT g FROM q) AS q';
  for (const sql of tables(numbers, 'ANALYZE TABLE few, m, r, s', 'sleep(0.02)')) await my.admin.query(sql);
  await my.admin.query("CREATE USER other@'%' IDENTIFIED BY 'pw'");
  await my.admin.query("GRANT SELECT ON *.* TO other@'%'");
  await pg.admin.query(
    "CREATE ROLE other LOGIN PASSWORD 'pw'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO other",
  );
});

afterAll(async () => {
  await pg?.[Symbol.asyncDispose]();
  await my?.[Symbol.asyncDispose]();
});

/** Another user is another compute context, so nothing is joined in the server. */
const pairs: readonly (readonly [string, (id: string, isOther: boolean) => IFederatedDataSource])[] = [
  [
    'PostgreSQL twice',
    (id, isOther) =>
      createPostgresSource(id, {
        url: pg.server.url,
        poolSize,
        ...(isOther && { user: 'other', password: 'pw' }),
      }),
  ],
  [
    'MySQL twice',
    (id, isOther) =>
      createMySqlSource(id, {
        url: my.server.url,
        poolSize,
        ...(isOther && { user: 'other', password: 'pw' }),
      }),
  ],
  [
    'one of each',
    (id, isOther) =>
      isOther
        ? createMySqlSource(id, { url: my.server.url, poolSize, bandwidthMbps })
        : createPostgresSource(id, { url: pg.server.url, poolSize, bandwidthMbps }),
  ],
];

test.each(pairs)('%s: 64 statements over two sources of two connections each end', async (_, open) => {
  await using engine = await createEngine({
    sources: [open('one', false), open('two', true)],
    maxConcurrentQueries: statements,
  });
  const sql = (a: string, b: string): string => `SELECT count(*) AS n FROM ${a}.l
    JOIN ${b}.m ON l.k = m.k JOIN ${a}.r ON m.n = r.k JOIN ${b}.s ON r.n = s.k`;
  // So that none has to look into the catalogue first, behind those that are under way.
  await engine.explain(sql('two', 'one'));
  const plan = await engine.explain(sql('one', 'two'));
  expect(plan.fragments.map(({ sourceId }) => sourceId).toSorted()).toEqual(['one', 'one', 'two', 'two']);
  const signal = AbortSignal.timeout(60_000);
  const answers = await Promise.all(
    Array.from({ length: statements }, async (_each, i) => {
      const result = await engine.query(i % 2 === 0 ? sql('one', 'two') : sql('two', 'one'), { signal });
      return (await result.rows()).map(({ n }) => Number(n));
    }),
  );
  expect(answers).toEqual(Array.from({ length: statements }, () => [10]));
});
