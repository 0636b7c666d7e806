import { type Engine, createEngine } from '@tributary/core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { httpJson } from '../src/index.js';
import { IssuesServer } from './issues-server.js';

let server: IssuesServer;
let engine: Engine;

beforeAll(async () => {
  server = await IssuesServer.start();
  const { url, token } = server;
  engine = await createEngine({ sources: [httpJson.create('api', { url, token })], memoryLimit: '200MB' });
});

afterAll(async () => {
  await engine.close();
  await server[Symbol.asyncDispose]();
});

beforeEach(() => {
  server.queries.length = 0;
});

async function rows(sql: string, options: Parameters<Engine['query']>[1] = {}): Promise<readonly unknown[]> {
  await using result = await engine.query(sql, options);
  return await result.rows();
}

/** The rows, which must be the same with nothing pushed, and what was asked for them. */
async function checked(
  sql: string,
  params: readonly (string | number)[] = [],
): Promise<{ readonly rows: readonly unknown[]; readonly queries: readonly string[] }> {
  const pushed = await rows(sql, { params });
  const queries = server.queries.splice(0);
  const kept = await rows(sql, { params, pushdown: 'off' });
  expect(server.queries.every((query) => /^\?(page=\d+)?$/.test(query))).toBe(true);
  expect(pushed).toEqual(kept);
  expect(pushed.length).toBeGreaterThan(0);
  return { rows: pushed, queries };
}

describe('what the API is asked', () => {
  const cases: readonly (readonly [
    sql: string,
    params: readonly (string | number)[],
    queries: readonly string[],
  ])[] = [
    [
      "select id from api.issues where state = 'open' order by id",
      [],
      ['?state=open', '?state=open&page=1', '?state=open&page=2'],
    ],
    ['select id from api.issues where 7 = id', [], ['?id=7']],
    ['select labels, id from api.issues where id in (3, 4, 3) order by id', [], ['?id=3&id=4']],
    ['select count(*) from api.issues where id = $1', [12], ['?id=12']],
    [
      "select id from api.issues where created >= '2024-01-12T00:00:00Z' and created < '2024-01-12T02:00:00Z' order by id",
      [],
      ['?created>=2024-01-12 00:00:00+00&created<=2024-01-12 02:00:00+00'],
    ],
    [
      "select count(*) from api.issues where author = 'ann' and id in (1, 2, 3, 4)",
      [],
      ['?author=ann&id=1&id=2&id=3&id=4'],
    ],
    ["select count(*) from api.issues where state <> 'open' and id = 2", [], ['?id=2']],
  ];
  test.each(cases)('%s %o', async (sql, params, queries) => {
    expect((await checked(sql, params)).queries).toEqual(queries);
  });

  test('a long list goes in several requests', async () => {
    const ids = Array.from({ length: 120 }, (_, i) => i + 1);
    const { queries } = await checked(
      `select id from api.issues where id in (${ids.join(', ')}) order by id`,
    );
    const firstPages = queries.filter((query) => !query.includes('page='));
    expect(firstPages.map((query) => query.split('&').length)).toEqual([50, 50, 20]);
  });

  test('a limit', async () => {
    await rows("select id from api.issues where state = 'open' limit 3");
    expect(server.queries).toEqual(['?state=open&limit=3']);
  });

  test('no limit where the engine filters again', async () => {
    expect(await rows("select id from api.issues where author = 'ann' limit 3")).toHaveLength(3);
    expect(server.queries[0]).toBe('?author=ann');
  });

  test('nothing where a parameter is NULL', async () => {
    expect(await rows('select id from api.issues where id = $1', { params: [null] })).toEqual([]);
    expect(server.queries).toEqual([]);
  });

  test('the keys of a small table', async () => {
    const { queries } = await checked(
      'select i.id, v.x from (values (5::bigint, 1), (9, 2)) v(id, x) join api.issues i on i.id = v.id order by 1',
    );
    expect(queries).toEqual(['?id=5&id=9']);
  });
});

test('EXPLAIN says why', async () => {
  const explain = await engine.explain(
    "select id from api.issues where author = 'ann' and lower(state) = 'open' limit 5",
  );
  const codes = explain.decisions.map(({ piece, outcome, code }) => `${piece} ${outcome} ${code}`);
  expect(codes).toEqual(
    expect.arrayContaining(['filter split FILTER_INEXACT', 'filter kept FUNCTION_NOT_IN_DIALECT']),
  );
});

test('what must be pushed and cannot is an error', async () => {
  const required = engine.query("select id from api.issues where state > 'a'", { pushdown: 'require' });
  await expect(required).rejects.toMatchObject({
    code: 'PLAN.PUSHDOWN_REQUIRED',
    message: expect.stringContaining('FILTER_NOT_DECLARED'),
  });
});

test('a busy server is asked again', async () => {
  server.busy = 2;
  expect(await rows('select id from api.issues where id = 1')).toHaveLength(1);
});

test('a refused token is an error without it', async () => {
  const source = httpJson.create('api', { url: server.url, token: 'hunter2' });
  await using other = await createEngine({ sources: [source], memoryLimit: '200MB' });
  const error: unknown = await other.query('select id from api.issues').then(
    (result) => result.rows().catch((e: unknown) => e),
    (e: unknown) => e,
  );
  expect(error).toMatchObject({ code: 'SOURCE.AUTHENTICATION', sourceId: 'api' });
  expect(JSON.stringify(error)).not.toContain('hunter2');
});
