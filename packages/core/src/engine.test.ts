import { setTimeout as sleep } from 'node:timers/promises';
import {
  type DescribeContext,
  type ExecuteContext,
  type RemoteQueryPlan,
  type RemoteResult,
  type RemoteTableSchema,
  TributaryError,
} from '@tributary/contract';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Behaviour, MemorySource } from '../test/execute/memory-source.js';
import type { FederatedExecuteEvent } from './api.js';
import { type Engine, createEngine } from './engine.js';
import { formatExplain } from './explain/format.js';

const bigint = { id: 'bigint' } as const;
const varchar = { id: 'varchar' } as const;

const open: Engine[] = [];

afterEach(async () => {
  for (const engine of open.splice(0)) await engine.close();
});

async function engineOf(
  options: { shop?: Behaviour; views?: Record<string, string> } = {},
): Promise<{ readonly engine: Engine; readonly shop: MemorySource }> {
  const shop = new MemorySource(
    'shop',
    {
      orders: [
        { name: 'id', type: bigint, values: [1n, 2n, 3n, 4n] },
        { name: 'customer', type: varchar, values: ['ann', 'bob', 'ann', null] },
      ],
    },
    options.shop,
  );
  const lake = new MemorySource('lake', {
    events: [
      { name: 'order_id', type: bigint, values: [1n, 1n, 3n, 9n] },
      { name: 'kind', type: varchar, values: ['view', 'buy', 'buy', 'view'] },
    ],
  });
  const engine = await createEngine({
    sources: [shop, lake],
    views: options.views ?? {},
    memoryLimit: '200MB',
  });
  open.push(engine);
  return { engine, shop };
}

async function errorOf(work: Promise<unknown>): Promise<TributaryError> {
  const error: unknown = await work.then(
    () => undefined,
    (e: unknown) => e,
  );
  if (!(error instanceof TributaryError)) throw new Error(`expected a TributaryError, got ${String(error)}`);
  return error;
}

const joined = `select customer, count(*) as n from shop.orders join lake.events on order_id = id where kind = $1 group by customer`;

describe('query', () => {
  test('answers over two sources, the same with nothing pushed', async () => {
    const { engine } = await engineOf();
    for (const pushdown of ['auto', 'off'] as const) {
      const result = await engine.query(joined, { params: ['buy'], pushdown });
      expect(result.columns.map((c) => c.name)).toEqual(['customer', 'n']);
      expect(await result.rows()).toEqual([{ customer: 'ann', n: 2n }]);
    }
  });

  test('keeps the names that the statement gives, twice if it says so', async () => {
    const { engine } = await engineOf();
    const result = await engine.query('select id, id, id + 1 from shop.orders where id = 1');
    expect(result.columns.map((c) => c.name)).toEqual(['id', 'id', '(id + 1)']);
  });

  test('binds a value that its surroundings cannot hold exactly by its own type', async () => {
    const { engine } = await engineOf();
    const sql = 'select id from shop.orders where id = $1';
    expect(await (await engine.query(sql, { params: [2] })).rows()).toEqual([{ id: 2n }]);
    expect(await (await engine.query(sql, { params: [2.5] })).rows()).toEqual([]);
    expect(await (await engine.query(sql, { params: ['3'] })).rows()).toEqual([{ id: 3n }]);
  });

  test('takes a parameter that binding has folded away', async () => {
    const { engine } = await engineOf();
    const sql = 'select $1 * cast(null as integer) as nothing';
    expect(await (await engine.query(sql, { params: [3] })).rows()).toEqual([{ nothing: null }]);
  });

  test.each([
    [{ params: [] }, 'SQL.PARAMETER'],
    [{ params: { nope: 1 } }, 'SQL.PARAMETER'],
    [{ params: ['many'] }, 'SQL.PARAMETER'],
  ])('refuses the parameters %o', async (options, code) => {
    const { engine } = await engineOf();
    const error = await errorOf(engine.query('select id from shop.orders where id = $1', options));
    expect(error.code).toBe(code);
  });

  // DuckDB 1.5.5 by itself answers with no row at all.
  test.each(['auto', 'off'] as const)('a top-n with a parameter may be read twice (%s)', async (pushdown) => {
    const { engine } = await engineOf();
    const result = await engine.query(
      `WITH q AS (SELECT 5 AS c FROM (VALUES (1), (2), (3)) AS v(i) WHERE 3 <> $1 ORDER BY ALL LIMIT 100)
       SELECT a.c FROM q AS a JOIN q AS b ON a.c = b.c ORDER BY 1 LIMIT 20`,
      { params: [0], pushdown },
    );
    expect(await result.rows()).toHaveLength(9);
  });

  test('a timeout covers planning and running', async () => {
    const { engine } = await engineOf({ shop: { delayMs: 5_000 } });
    const error = await errorOf(engine.query('select * from shop.orders', { timeoutMs: 50 }));
    expect(error.code).toBe('QUERY.TIMEOUT');
  });

  test('an aborted query says so and leaves nothing running', async () => {
    const { engine, shop } = await engineOf({ shop: { delayMs: 5_000 } });
    const controller = new AbortController();
    const running = errorOf(engine.query('select * from shop.orders', { signal: controller.signal }));
    await sleep(50);
    controller.abort();
    expect((await running).code).toBe('QUERY.CANCELLED');
    expect(shop.calls.every((call) => call.context.signal.aborted)).toBe(true);
  });

  test('a result is read once, to its end or not, and not after it was closed', async () => {
    const { engine } = await engineOf();
    const sql = 'select id from shop.orders';
    const whole = await engine.query(sql);
    expect(await whole.rows()).toHaveLength(4);
    expect((await errorOf(whole.rows())).code).toBe('QUERY.CONSUMED');
    const left = await engine.query(sql);
    for await (const batch of left) {
      expect(batch.numRows).toBeGreaterThan(0);
      break;
    }
    expect((await errorOf(left.rows())).code).toBe('QUERY.CONSUMED');
    const closed = await engine.query(sql);
    await closed.close();
    expect((await errorOf(closed.rows())).code).toBe('QUERY.CONSUMED');
  });

  test('a closed engine says so', async () => {
    const { engine } = await engineOf();
    await engine.close();
    expect((await errorOf(engine.query('select 1'))).code).toBe('ENGINE.CLOSED');
  });
});

describe('a table that was dropped and made again since it was described', () => {
  /** Orders with or without their customers; a read by a plan that was made of the other table fails. */
  class RemadeSource extends MemorySource {
    remade = false;

    override async describeTable(path: readonly string[]): Promise<RemoteTableSchema | undefined> {
      const schema = await super.describeTable(path);
      return schema && this.remade
        ? { ...schema, columns: schema.columns.filter(({ name }) => name === 'id'), version: '2' }
        : schema;
    }

    override async executeRemoteQuery(plan: RemoteQueryPlan, context: ExecuteContext): Promise<RemoteResult> {
      const result = await super.executeRemoteQuery(plan, context);
      if (!this.remade || plan.columns.every(({ name }) => name === 'id')) return result;
      if (result.kind === 'relation') throw new TypeError('batches were asked for');
      // As a database does that answers as it goes: the error comes when the first rows are asked for.
      const error = new TributaryError('SOURCE.MISSING_OBJECT', {
        message: 'column "customer" does not exist',
        sourceId: this.sourceId,
      });
      const next = (): Promise<never> => Promise.reject(error);
      return { ...result, batches: { [Symbol.asyncIterator]: () => ({ next }) } };
    }
  }

  const sql = 'select * from remade.orders';
  let source: RemadeSource;
  let engine: Engine;

  beforeEach(async () => {
    source = new RemadeSource('remade', {
      orders: [
        { name: 'id', type: bigint, values: [1n] },
        { name: 'customer', type: varchar, values: ['ann'] },
      ],
    });
    engine = await createEngine({ sources: [source], memoryLimit: '200MB' });
    open.push(engine);
    expect(await (await engine.query(sql)).rows()).toEqual([{ id: 1n, customer: 'ann' }]);
    source.remade = true;
  });

  test('is read as it is now', async () => {
    expect(await (await engine.query(sql)).rows()).toEqual([{ id: 1n }]);
  });

  test('is read as it is now by another statement than the one that was planned', async () => {
    expect(await (await engine.query(`${sql} where id < 5`)).rows()).toEqual([{ id: 1n }]);
  });

  test('gives the error of the statement as it is now', async () => {
    const error = await errorOf(engine.query('select customer from remade.orders'));
    expect(error).toMatchObject({ code: 'SQL.BIND', position: 7 });
  });

  test('is asked once more and not for ever', async () => {
    const executed: RemoteQueryPlan[] = [];
    source.executeRemoteQuery = (plan) => {
      executed.push(plan);
      const details = { message: 'gone', sourceId: source.sourceId };
      return Promise.reject(new TributaryError('SOURCE.MISSING_OBJECT', details));
    };
    expect((await errorOf(engine.query(sql))).code).toBe('SOURCE.MISSING_OBJECT');
    expect(executed).toHaveLength(2);
  });

  test('is of no concern once the engine is closed', async () => {
    const names = Array.from({ length: 30 }, (_, n) => `t${n}`);
    const id = { name: 'id', type: bigint, values: [1n] };
    const gone = new MemorySource('gone', Object.fromEntries(names.map((name) => [name, [id]])));
    gone.executeRemoteQuery = () => {
      const details = { message: 'gone', sourceId: gone.sourceId };
      return Promise.reject(new TributaryError('SOURCE.MISSING_OBJECT', details));
    };
    const short = await createEngine({ sources: [gone], memoryLimit: '200MB' });
    const union = names.map((name) => `select id from gone.${name}`).join(' union all ');
    const rejected: unknown[] = [];
    const note = (reason: unknown): void => void rejected.push(reason);
    process.on('unhandledRejection', note);
    try {
      await errorOf(short.query(union));
      await short.close();
      await sleep(10);
    } finally {
      process.off('unhandledRejection', note);
    }
    expect(rejected).toEqual([]);
  });
});

describe('a table that its source knows by a sample', () => {
  class SampledSource extends MemorySource {
    readonly asked: boolean[] = [];

    override async describeTable(
      path: readonly string[],
      { thorough = false }: Partial<DescribeContext> = {},
    ): Promise<RemoteTableSchema | undefined> {
      const schema = await super.describeTable(path);
      this.asked.push(thorough);
      if (schema === undefined || thorough) return schema;
      const columns = schema.columns.filter(({ name }) => name === 'id');
      return { ...schema, columns, version: 'sampled', sampled: true };
    }
  }

  test('is looked at as a whole when a statement names a column that the sample had not', async () => {
    const source = new SampledSource('far', {
      orders: [
        { name: 'id', type: bigint, values: [1n] },
        { name: 'customer', type: varchar, values: ['ann'] },
      ],
    });
    const engine = await createEngine({ sources: [source], memoryLimit: '200MB' });
    open.push(engine);
    expect(await (await engine.query('select * from far.orders')).rows()).toEqual([{ id: 1n }]);
    expect(source.asked).not.toContain(true);
    const named = await engine.query('select customer from far.orders where id = $1', { params: [1n] });
    expect(await named.rows()).toEqual([{ customer: 'ann' }]);
    expect((await errorOf(engine.query('select nothing from far.orders'))).code).toBe('SQL.BIND');
    expect(source.asked.filter(Boolean)).toHaveLength(1);
  });
});

describe('views', () => {
  test('of the configuration and of statements join sources', async () => {
    const { engine } = await engineOf({
      views: {
        buyers:
          "select distinct o.customer from shop.orders o join lake.events e on e.order_id = o.id where kind = 'buy'",
      },
    });
    expect(await (await engine.query('select * from buyers')).rows()).toEqual([{ customer: 'ann' }]);
    await engine.query('create view loud as select upper(customer) as name from buyers');
    for (const pushdown of ['auto', 'off'] as const) {
      expect(await (await engine.query('select * from loud', { pushdown })).rows()).toEqual([
        { name: 'ANN' },
      ]);
    }
    expect(engine.views().map((view) => view.name)).toEqual(['buyers', 'loud']);
    await engine.query('drop view loud');
    expect((await errorOf(engine.query('select * from loud'))).code).toBe('SQL.UNKNOWN_TABLE');
  });
});

describe('explain', () => {
  test('shows the plan without running it, in three forms', async () => {
    const { engine, shop } = await engineOf();
    const doc = await engine.explain(joined, { params: ['buy'] });
    expect(shop.calls).toEqual([]);
    const text = formatExplain(doc, 'text');
    expect(text).toContain('2 fragments from 2 sources');
    expect(text).toMatch(/filter .*\[NOT_IN_CAPABILITIES\]/);
    expect(JSON.parse(formatExplain(doc, 'json'))).toEqual(structuredClone(doc));
    expect(formatExplain(doc, 'mermaid')).toContain('flowchart LR');
  });

  test('with analyze tells what was moved', async () => {
    const { engine } = await engineOf();
    const doc = await engine.explain(joined, { params: ['buy'], analyze: true });
    expect(doc.run).toMatchObject({ rows: 1, rowsFetched: 8 });
    expect(doc.fragments.map((f) => f.actual?.state)).toEqual(['done', 'done']);
  });

  test('has nothing to say of a view that is made', async () => {
    const { engine } = await engineOf();
    const error = await errorOf(engine.explain('create view v as select 1'));
    expect(error).toMatchObject({
      code: 'SQL.UNSUPPORTED_STATEMENT',
      message: expect.stringContaining('view'),
    });
  });

  test('names an operator that only the scan-only path knows', async () => {
    const { engine } = await engineOf();
    const sql =
      'with recursive t(n) as (select 1 union all select n + 1 from t where n < 3) select n, customer from t join shop.orders on id = n';
    const result = await engine.query(`${sql} order by n`);
    expect(await result.rows()).toEqual([
      { n: 1, customer: 'ann' },
      { n: 2, customer: 'bob' },
      { n: 3, customer: 'ann' },
    ]);
    expect(result.explain().decisions.map((d) => d.code)).toContain('NOT_IN_IR');
    expect((await errorOf(engine.query(sql, { pushdown: 'require' }))).code).toBe('PLAN.PUSHDOWN_REQUIRED');
  });
});

test('every query is an event with its sources and timings', async () => {
  const { engine } = await engineOf();
  const events: FederatedExecuteEvent[] = [];
  const stop = engine.on('query.federated.execute', (event) => events.push(event));
  await (await engine.query(joined, { params: ['buy'] })).rows();
  expect(events).toMatchObject([{ outcome: 'done', rows: 1 }]);
  expect(events[0]?.sources.map((s) => [s.sourceId, s.rows])).toEqual([
    ['shop', 4],
    ['lake', 4],
  ]);
  stop();
  await (await engine.query('select 1')).rows();
  expect(events).toHaveLength(1);
});
