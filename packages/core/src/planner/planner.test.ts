import {
  type FederatedDataSourceInfo,
  type Literal,
  outputOf,
  type ParameterValue,
  type RemoteQueryPlan,
  type RemoteQueryRequest,
  type TableStatistics,
} from '@tributary/contract';
import { duckdbDialect, renderQuery } from '@tributary/contract/render';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DescribedSource } from '../../test/bind/described-source.js';
import { Binder } from '../bind/binder.js';
import { SchemaCache } from '../bind/schema-cache.js';
import type { FederatedPlan } from '../plan/federated-plan.js';
import { InMemoryFederatedDataSourceRegistry } from '../registry/index.js';
import { Planner } from './planner.js';

const bigint = { id: 'bigint' } as const;
const never = new AbortController().signal;

/** Plans scans as they are asked for. */
class ScannedSource extends DescribedSource {
  /** What it says of each table. */
  rows = 10;

  override async getRemoteStatistics(): Promise<TableStatistics> {
    return { rows: this.rows, columns: new Map([['id', { distinct: this.rows }]]), origin: 'source' };
  }

  override planRemoteQuery(request?: RemoteQueryRequest): RemoteQueryPlan {
    if (request?.kind !== 'scan') throw new Error('not a scan');
    const residual = { filters: [], limit: false };
    const { columns } = request;
    return {
      sourceId: this.sourceId,
      request,
      columns,
      residual,
      native: '',
      decisions: [],
      state: undefined,
    };
  }
}

let shop: ScannedSource;
let binder: Binder;
let schemas: SchemaCache;
let planner: Planner;

beforeEach(async () => {
  shop = new ScannedSource('shop', { orders: { id: bigint, total: bigint } });
  const registry = new InMemoryFederatedDataSourceRegistry([shop]);
  schemas = new SchemaCache(() => 1000);
  binder = await Binder.create(registry, schemas);
  planner = new Planner(registry, binder, schemas);
});

afterEach(() => {
  vi.useRealTimers();
  binder.close();
});

test('a statement is planned once and its plan used again', async () => {
  const first = await planner.plan('select id from orders where id = $1', new Map(), 'auto', never);
  expect(await planner.plan('select id from orders where id = $1', new Map(), 'auto', never)).toBe(first);
  expect(await planner.plan('select id from orders where id = $1', new Map(), 'off', never)).not.toBe(first);
});

describe('a plan that was made some time ago', () => {
  const sql = 'select * from orders';
  const plan = (): Promise<FederatedPlan> => planner.plan(sql, new Map(), 'auto', never);

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] });
  });

  test('is kept where the sources say the same, and they are not asked for as long again', async () => {
    const first = await plan();
    const { length } = shop.asked;
    vi.advanceTimersByTime(61_000);
    expect(await plan()).toBe(first);
    expect(shop.asked).toHaveLength(length + 1);
    vi.advanceTimersByTime(59_000);
    expect(await plan()).toBe(first);
    expect(shop.asked).toHaveLength(length + 1);
  });

  test('is made anew for a table of other columns', async () => {
    await plan();
    shop.setTable('orders', { id: bigint, note: { id: 'varchar' } });
    vi.advanceTimersByTime(61_000);
    expect((await plan()).output.map((column) => column.name)).toEqual(['id', 'note']);
  });

  test('is made anew for a table of another size', async () => {
    const first = await plan();
    shop.rows = 1_000_000;
    vi.advanceTimersByTime(61_000);
    const second = await plan();
    expect(second.fragments.map(({ estimate }) => estimate.rows)).toEqual([1_000_000]);
    expect(first.fragments.map(({ estimate }) => estimate.rows)).toEqual([10]);
  });

  test('is not kept where it was forgotten while the sources were asked', async () => {
    const first = await plan();
    vi.advanceTimersByTime(61_000);
    const [second] = await Promise.all([plan(), planner.forget()]);
    expect(second).not.toBe(first);
  });
});

test.each([
  "now() > timestamptz '2000-01-01'",
  "localtimestamp > timestamp '2000-01-01'",
  "localtime <> time '00:00:00'",
  "age(timestamp '2000-01-01') > interval 1 day",
])('a plan that is true of one moment is not kept: %s', async (condition) => {
  const sql = `select id from orders where ${condition}`;
  expect(await planner.plan(sql, new Map(), 'auto', never)).not.toBe(
    await planner.plan(sql, new Map(), 'auto', never),
  );
});

test('a table that has changed is bound anew once its schema is no longer believed', async () => {
  const output = async (sql: string): Promise<readonly string[]> =>
    (await planner.plan(sql, new Map(), 'auto', never)).output.map((c) => c.name);
  expect(await output('select * from orders')).toEqual(['id', 'total']);
  shop.setTable('orders', { id: bigint, total: bigint, note: { id: 'varchar' } });
  expect(await output('select * from orders limit 1')).toEqual(['id', 'total']);
  schemas.forget('shop');
  expect(await output('select * from orders limit 2')).toEqual(['id', 'total', 'note']);
});

/** A database without infinite dates, on a line so slow that whatever can run there should. */
class FiniteSource extends DescribedSource {
  override getInfo(): FederatedDataSourceInfo {
    const literal = (each: Literal): string | undefined =>
      each.type.id === 'date' && each.value !== null && !/^\d{4}-\d\d-\d\d$/.test(each.value)
        ? undefined
        : duckdbDialect.literal(each);
    return {
      ...super.getInfo(),
      bandwidthMbps: 0.0001,
      capabilities: {
        kind: 'sql',
        dialect: { ...duckdbDialect, literal },
        joins: [],
        setOperations: [],
        aggregate: true,
        groupingSets: false,
        distinct: false,
        distinctOn: false,
        window: false,
        sort: false,
        limit: true,
        offset: true,
        values: false,
        with: false,
        dependentJoin: false,
        keySets: undefined,
      },
    };
  }

  override planRemoteQuery(request?: RemoteQueryRequest): RemoteQueryPlan {
    if (request?.kind !== 'relational') throw new Error('not a relation');
    const { sql } = renderQuery(request.relation, { dialect: duckdbDialect });
    return {
      sourceId: this.sourceId,
      request,
      columns: outputOf(request.relation),
      residual: { filters: [], limit: false },
      native: sql,
      decisions: [],
      state: undefined,
    };
  }
}

describe('a parameter whose value the source cannot hold', () => {
  const sql = 'select count(*) from finite.days where day < $1 and id <> $2';
  const id: ParameterValue = { type: bigint, value: '3' };
  let finite: Planner;

  beforeEach(async () => {
    const registry = new InMemoryFederatedDataSourceRegistry([
      new FiniteSource('finite', { days: { id: bigint, day: { id: 'date' } } }),
    ]);
    binder.close();
    binder = await Binder.create(registry, schemas);
    finite = new Planner(registry, binder, schemas);
  });

  async function planned(day: ParameterValue) {
    const given = new Map([
      ['1', day],
      ['2', id],
    ]);
    const plan = await finite.plan(sql, given, 'auto', never);
    return { plan, native: plan.fragments.map(({ remote }) => remote.native).join() };
  }

  test('is not sent there, with all that needs it', async () => {
    const held = await planned({ type: { id: 'date' }, value: '2020-01-01' });
    expect(held.native).toContain('count');
    expect(held.native).toContain('"day" <');
    const { plan, native } = await planned({ type: { id: 'date' }, value: 'infinity' });
    expect(native).not.toContain('count');
    expect(native).not.toContain('"day" <');
    expect(native).toContain('"id" <>');
    expect(plan.decisions).toContainEqual(
      expect.objectContaining({ code: 'VALUE_NOT_IN_SOURCE', outcome: 'kept' }),
    );
  });

  test('takes one plan for all such values, and leaves the other as it is', async () => {
    const date = { id: 'date' } as const;
    const held = await planned({ type: date, value: '2020-01-01' });
    const kept = await planned({ type: date, value: 'infinity' });
    expect((await planned({ type: date, value: '-infinity' })).plan).toBe(kept.plan);
    expect((await planned({ type: date, value: '2021-01-01' })).plan).toBe(held.plan);
    expect((await planned({ type: date, value: null })).plan).toBe(held.plan);
  });

  test('is looked at in the type that the statement gives it', async () => {
    const text = { id: 'varchar' } as const;
    expect((await planned({ type: text, value: 'infinity' })).native).not.toContain('"day" <');
    expect((await planned({ type: text, value: '2020-01-01' })).native).toContain('"day" <');
    expect((await planned({ type: text, value: '2020-1-5' })).native).toContain('"day" <');
    // What is no date at all is for the execution to refuse.
    expect((await planned({ type: text, value: 'soon' })).native).toContain('"day" <');
  });
});
