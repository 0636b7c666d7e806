import { TributaryError } from '@tributary/contract';
import { describe, expect, test } from 'vitest';
import type { FederatedExecuteEvent } from '../api.js';
import { type Behaviour, MemorySource, type MemoryTable } from '../../test/execute/memory-source.js';
import {
  bigint,
  joinOf,
  passThroughPlan,
  planOf,
  remote,
  scanColumn,
  scanFragment,
  varchar,
} from '../../test/execute/plans.js';
import { rowsOf } from './rows.js';
import { TestRuntime } from '../../test/execute/runtime.js';

const [orderId, item, customer, name] = [
  scanColumn(1, 'id', bigint),
  scanColumn(2, 'item', varchar),
  scanColumn(3, 'id', bigint),
  scanColumn(4, 'name', varchar),
];

function table(rows: number, text: string): MemoryTable {
  const ids = Array.from({ length: rows }, (_, i) => BigInt(i));
  const texts = ids.map((id) => (id % 3n === 0n ? null : `${text} ${id}`));
  return [
    { name: 'id', type: bigint, values: ids },
    { name: text, type: varchar, values: texts },
  ];
}

function shop(rows: number, behaviour?: Behaviour): MemorySource {
  return new MemorySource('shop', { orders: table(rows, 'item') }, behaviour);
}

function crm(rows: number, behaviour?: Behaviour): MemorySource {
  return new MemorySource('crm', { customers: table(rows, 'name') }, behaviour);
}

function joinPlan(orders: MemorySource, customers: MemorySource): ReturnType<typeof planOf> {
  const left = scanFragment('f1', orders, 'orders', [orderId, item]);
  const right = scanFragment('f2', customers, 'customers', [customer, name]);
  const output = [orderId, item, customer, name];
  return planOf([left, right], { kind: 'relation', relation: joinOf(left, right) }, output);
}

function ordersPlan(orders: MemorySource): ReturnType<typeof planOf> {
  return passThroughPlan(scanFragment('f1', orders, 'orders', [orderId, item]));
}

async function failure(work: Promise<unknown>): Promise<TributaryError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof TributaryError)) throw new TypeError(`expected a failure, got ${String(error)}`);
  return error;
}

describe('answers', () => {
  test('one fragment streams straight through, under the names of the answer', async () => {
    const orders = shop(2500);
    await using test = await TestRuntime.open([orders]);
    const plan = ordersPlan(orders);
    const renamed = { ...plan, output: plan.output.map((c) => ({ ...c, name: `my ${c.name}` })) };
    const result = await test.run(renamed);
    expect(result.schema.fields.map((field) => field.name)).toEqual(['my id', 'my item']);
    const rows: unknown[] = [];
    for await (const batch of result) {
      expect(batch.schema.fields.map((field) => field.name)).toEqual(['my id', 'my item']);
      rows.push(...rowsOf(batch, result.columns));
    }
    expect(rows).toHaveLength(2500);
    expect(rows.slice(0, 2)).toEqual([
      { 'my id': 0n, 'my item': null },
      { 'my id': 1n, 'my item': 'item 1' },
    ]);
    expect(orders.calls[0]?.context.prefer).toBe('batches');
    expect(test.staged()).toEqual([]);
  });

  test('a join runs in DuckDB over staged fragments', async () => {
    const [orders, customers] = [shop(50), crm(3000)];
    await using test = await TestRuntime.open([orders, customers]);
    const rows = await (await test.run(joinPlan(orders, customers))).rows();
    expect(rows).toHaveLength(50);
    expect(rows).toContainEqual({ id: 49n, item: 'item 49', 'id:1': 49n, name: 'name 49' });
    expect(orders.calls[0]?.context.prefer).toBe('relation');
    expect(test.staged()).toEqual([]);
  });

  test("a source's relation streams through DuckDB and is released", async () => {
    const orders = shop(10, { asRelation: true });
    await using test = await TestRuntime.open([orders]);
    const rows = await (await test.run(ordersPlan(orders))).rows();
    expect(rows[4]).toEqual({ id: 4n, item: 'item 4' });
    expect(orders.calls[0]?.released).toBe(true);
  });

  test("the user's unchanged text finds its tables by their names", async () => {
    const orders = shop(10);
    await using test = await TestRuntime.open([orders]);
    const fragment = scanFragment('f1', orders, 'orders', [orderId, item]);
    const sql = 'SELECT count(*) AS n, max(id) + $1 AS m FROM shop.public.orders, top WHERE id < top.k;';
    const plan = planOf(
      [fragment],
      {
        kind: 'text',
        sql,
        reason: 'test',
        views: [{ name: 'top', query: 'SELECT max(id) AS k FROM "shop"."public"."orders"' }],
        tables: [
          {
            path: ['shop', 'public', 'orders'],
            fragment: 'f1',
            columns: [
              { name: 'unread', type: bigint },
              { name: 'id', type: bigint, from: 1 },
            ],
          },
        ],
      },
      [
        { id: 9, name: 'n', type: bigint },
        { id: 10, name: 'm', type: bigint },
      ],
    );
    const withParameter = { ...plan, parameters: [{ name: '1', type: bigint }] };
    const parameters = new Map([['1', { type: { id: 'integer' } as const, value: '100' }]]);
    const result = await test.run(withParameter, { parameters });
    expect(await result.rows()).toEqual([{ n: 9n, m: 108n }]);
    expect(test.staged()).toEqual([]);
  });

  test('a result is read once', async () => {
    const orders = shop(1);
    await using test = await TestRuntime.open([orders]);
    const result = await test.run(ordersPlan(orders));
    await result.rows();
    expect(await failure(result.rows())).toMatchObject({ code: 'QUERY.CONSUMED' });
  });

  test('without fragments DuckDB answers alone', async () => {
    await using test = await TestRuntime.open([]);
    const values = { kind: 'values', columns: [orderId], rows: [] } as const;
    const plan = planOf([], { kind: 'relation', relation: values }, [orderId]);
    expect(await (await test.run(plan)).rows()).toEqual([]);
  });
});

describe('independent fragments', () => {
  test('start at once', async () => {
    const [orders, customers] = [shop(10, { delayMs: 150 }), crm(10, { delayMs: 150 })];
    await using test = await TestRuntime.open([orders, customers]);
    const result = await test.run(joinPlan(orders, customers));
    const [first, second] = [orders.calls[0], customers.calls[0]];
    expect(Math.abs((first?.startedAt ?? 0) - (second?.startedAt ?? 1e9))).toBeLessThan(100);
    await result.close();
  });
});

describe('failures', () => {
  test('a source slower than its timeout fails the query by name and stops the other', async () => {
    const [orders, customers] = [shop(10, { delayMs: 5000 }), crm(100_000, { delayMs: 20, batchRows: 10 })];
    await using test = await TestRuntime.open([orders, customers], { sourceTimeoutsMs: { shop: 100 } });
    const error = await failure(test.run(joinPlan(orders, customers)));
    expect(error).toMatchObject({ code: 'SOURCE.TIMEOUT', sourceId: 'shop' });
    expect(error.message).toContain('100 ms');
    expect(customers.calls[0]?.ended).toBe(true);
    expect(test.staged()).toEqual([]);
  });

  test('a source that does not hear its signal is waited for, but its late answer does not count', async () => {
    const orders = shop(10, { delayMs: 700, deaf: true });
    await using test = await TestRuntime.open([orders], { timeoutMs: 50 });
    const result = await test.run(ordersPlan(orders));
    expect((await failure(result.rows())).code).toBe('SOURCE.TIMEOUT');
    expect(orders.calls[0]).toMatchObject({ ended: true, batches: 1 });
  });

  test('a slow reader does not use up the time of the source', async () => {
    const orders = shop(30, { batchRows: 10, delayMs: 5 });
    await using test = await TestRuntime.open([orders], { timeoutMs: 100 });
    let rows = 0;
    for await (const batch of await test.run(ordersPlan(orders))) {
      rows += batch.numRows;
      await new Promise((resolve) => setTimeout(resolve, 80));
    }
    expect(rows).toBe(30);
  });

  test('a failure in the middle of the stream is thrown, not an end', async () => {
    const orders = shop(3000, { failAfter: { batches: 2, error: new Error('connection reset') } });
    await using test = await TestRuntime.open([orders]);
    const result = await test.run(ordersPlan(orders));
    let rows = 0;
    const error = await failure(
      (async () => {
        for await (const batch of result) rows += batch.numRows;
      })(),
    );
    expect(rows).toBe(2000);
    expect(error).toMatchObject({ code: 'SOURCE.QUERY_FAILED', sourceId: 'shop' });
    expect(error.message).toContain('connection reset');
    expect(result.explain().fragments[0]?.actual).toMatchObject({ state: 'failed', rows: 2000 });
  });

  test('the first failure is the one thrown, and others are stopped', async () => {
    const error = new TributaryError('SOURCE.UNREACHABLE', { message: 'gone' });
    const [orders, customers] = [
      shop(10, { failAfter: { batches: 0, error } }),
      crm(10, { delayMs: 60_000 }),
    ];
    await using test = await TestRuntime.open([orders, customers]);
    const thrown = await failure(test.run(joinPlan(orders, customers)));
    expect(thrown).toMatchObject({ code: 'SOURCE.UNREACHABLE', sourceId: 'shop' });
    expect(customers.calls[0]?.context.signal.aborted).toBe(true);
    expect(customers.calls[0]?.ended).toBe(true);
  });

  test('after a failure the next query works', async () => {
    const bad = shop(10, { failAfter: { batches: 0, error: new Error('no') } });
    const good = crm(10);
    await using test = await TestRuntime.open([bad, good], { maxConcurrentQueries: 1 });
    await failure(test.run(joinPlan(bad, good)));
    const plan = passThroughPlan(scanFragment('f2', good, 'customers', [customer, name]));
    expect(await (await test.run(plan)).rows()).toHaveLength(10);
  });

  test('a statement that fails on the data is an error of the statement', async () => {
    const orders = shop(10, { asRelation: true });
    await using test = await TestRuntime.open([orders]);
    const fragment = scanFragment('f1', orders, 'orders', [orderId, item]);
    const cast = {
      kind: 'cast',
      arg: { kind: 'column', id: 2, type: varchar },
      type: bigint,
      try: false,
    } as const;
    const column = { id: 7, name: 'n', type: bigint };
    const relation = {
      kind: 'project',
      input: remote(fragment),
      columns: [{ ...column, expr: cast }],
    } as const;
    const result = test.run(planOf([fragment], { kind: 'relation', relation }, [column]));
    const error = await failure(result.then((r) => r.rows()));
    expect(error.code).toBe('SQL.EXECUTION');
    expect(error.message).toContain('item 1');
  });

  test('what fails in DuckDB in the middle of its stream is thrown with its reason, not an end', async () => {
    const sql =
      "SELECT range AS id, CASE WHEN range < 900000 THEN 'x' ELSE error('bad row') END FROM range(1000000)";
    const orders = shop(1, { asRelation: { sql } });
    await using test = await TestRuntime.open([orders]);
    const result = await test.run(ordersPlan(orders));
    let rows = 0;
    const error = await failure(
      (async () => {
        for await (const batch of result) rows += batch.numRows;
      })(),
    );
    expect(rows).toBeGreaterThan(0);
    expect(error).toMatchObject({ code: 'SQL.EXECUTION', message: 'bad row' });
  });

  test('a stream of DuckDB that is cancelled while it is read throws, and does not end', async () => {
    const orders = shop(1, { asRelation: { sql: "SELECT range, 'x' FROM range(100000000000)" } });
    await using test = await TestRuntime.open([orders]);
    const controller = new AbortController();
    const result = await test.run(ordersPlan(orders), { signal: controller.signal });
    const error = await failure(
      (async () => {
        for await (const batch of result) if (batch.numRows > 0) controller.abort();
      })(),
    );
    expect(error.code).toBe('QUERY.CANCELLED');
  });

  test('a cancellation counts until the last row has been taken', async () => {
    const orders = shop(1, { asRelation: { sql: "SELECT range, 'x' FROM range(3000)" } });
    await using test = await TestRuntime.open([orders]);
    const controller = new AbortController();
    const result = await test.run(ordersPlan(orders), { signal: controller.signal });
    let rows = 0;
    const error = await failure(
      (async () => {
        for await (const batch of result) {
          rows += batch.numRows;
          if (rows === 3000) controller.abort();
        }
      })(),
    );
    expect(error.code).toBe('QUERY.CANCELLED');
  });

  test('a missing parameter, an unknown one and one that does not fit are named', async () => {
    const orders = shop(10);
    await using test = await TestRuntime.open([orders]);
    const plan = { ...ordersPlan(orders), parameters: [{ name: 'since', type: { id: 'date' } as const }] };
    const since = { type: varchar, value: 'not a date' };
    expect((await failure(test.run(plan))).message).toContain('$since');
    expect((await failure(test.run(plan, { parameters: new Map([['since', since]]) }))).message).toContain(
      'DATE',
    );
    const unknown = new Map([['until', since]]);
    expect((await failure(test.run(plan, { parameters: unknown }))).message).toContain('$until');
    expect(orders.calls).toEqual([]);
  });
});

describe('stopping', () => {
  test("the caller's signal stops sources and says so", async () => {
    const [orders, customers] = [shop(10, { delayMs: 60_000 }), crm(10)];
    await using test = await TestRuntime.open([orders, customers]);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    const error = await failure(test.run(joinPlan(orders, customers), { signal: controller.signal }));
    expect(error.code).toBe('QUERY.CANCELLED');
    expect(orders.calls[0]?.ended).toBe(true);
    expect(test.staged()).toEqual([]);
  });

  test('the timeout of the whole query is its own error', async () => {
    const orders = shop(10, { delayMs: 60_000 });
    await using test = await TestRuntime.open([orders]);
    const result = await test.run(ordersPlan(orders), { timeoutMs: 50 });
    expect((await failure(result.rows())).code).toBe('QUERY.TIMEOUT');
  });

  test('DuckDB is interrupted in the middle of its work', async () => {
    const orders = shop(3000);
    await using test = await TestRuntime.open([orders]);
    const fragment = scanFragment('f1', orders, 'orders', [orderId, item]);
    const again = [11, 12, 13].map((id): typeof orderId => ({ ...orderId, id }));
    const copies = again.map((column) => ({
      kind: 'project' as const,
      input: remote(fragment),
      columns: [{ ...column, expr: { kind: 'column' as const, id: 1, type: bigint } }],
    }));
    const cross = copies.reduce(
      (left, right) => ({ kind: 'join' as const, type: 'inner' as const, left, right, on: [] }),
      remote(fragment),
    );
    const count = { id: 20, name: 'n', type: bigint };
    const sum = { fn: 'sum', args: [{ kind: 'column' as const, id: 13, type: bigint }], distinct: false };
    const relation = {
      kind: 'aggregate' as const,
      input: cross,
      groups: [],
      aggregates: [{ ...count, call: { ...sum, type: { id: 'hugeint' as const } } }],
    };
    const started = performance.now();
    const result = test.run(planOf([fragment], { kind: 'relation', relation }, [count]), { timeoutMs: 500 });
    expect((await failure(result.then((r) => r.rows()))).code).toBe('QUERY.TIMEOUT');
    expect(performance.now() - started).toBeLessThan(4000);
  });

  test('leaving the loop early ends the source and removes the files', async () => {
    const orders = shop(100_000, { batchRows: 100 });
    await using test = await TestRuntime.open([orders]);
    for await (const batch of await test.run(ordersPlan(orders))) {
      expect(batch.numRows).toBe(100);
      break;
    }
    expect(orders.calls[0]).toMatchObject({ ended: true });
    expect(orders.calls[0]?.batches).toBeLessThan(5);
    expect(test.staged()).toEqual([]);
  });

  test('a result that is closed unread is cleaned up', async () => {
    const [orders, customers] = [shop(1000), crm(1000)];
    await using test = await TestRuntime.open([orders, customers]);
    const result = await test.run(joinPlan(orders, customers));
    expect(test.staged()).toHaveLength(1);
    await result.close();
    expect(test.staged()).toEqual([]);
  });

  test('closing the engine stops what runs', async () => {
    const orders = shop(10, { delayMs: 60_000 });
    await using test = await TestRuntime.open([orders]);
    const rows = failure((await test.run(ordersPlan(orders))).rows());
    await test.runtime.close();
    expect((await rows).code).toBe('ENGINE.CLOSED');
    expect((await failure(test.run(ordersPlan(orders)))).code).toBe('ENGINE.CLOSED');
  });
});

describe('watching', () => {
  test('progress gives running totals by source', async () => {
    const [orders, customers] = [shop(2500), crm(10)];
    await using test = await TestRuntime.open([orders, customers]);
    const seen: [string, number][] = [];
    const onProgress = (source: string, rows: number): void => {
      seen.push([source, rows]);
      throw new Error('a listener that fails breaks nothing');
    };
    await (await test.run(joinPlan(orders, customers), { onProgress })).rows();
    const shopRows = seen.filter(([source]) => source === 'shop').map(([, rows]) => rows);
    expect(shopRows).toEqual([1000, 2000, 2500]);
    expect(seen).toContainEqual(['crm', 10]);
  });

  test('the event names sources, rows and outcome; a subscriber that fails breaks nothing', async () => {
    const orders = shop(1500);
    await using test = await TestRuntime.open([orders]);
    const events: FederatedExecuteEvent[] = [];
    test.events.on('query.federated.execute', () => {
      throw new Error('broken subscriber');
    });
    const stop = test.events.on('query.federated.execute', (event) => events.push(event));
    await (await test.run(ordersPlan(orders))).rows();
    await (await test.run(ordersPlan(orders))).close();
    stop();
    await (await test.run(ordersPlan(orders))).rows();
    expect(events.map(({ outcome, rows }) => [outcome, rows])).toEqual([
      ['done', 1500],
      ['cancelled', 0],
    ]);
    expect(events[0]?.sources).toMatchObject([{ sourceId: 'shop', fragments: 1, rows: 1500 }]);
  });
});
