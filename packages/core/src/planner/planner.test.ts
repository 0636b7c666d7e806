import type { RemoteQueryPlan, RemoteQueryRequest } from '@tributary/contract';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DescribedSource } from '../../test/bind/described-source.js';
import { Binder } from '../bind/binder.js';
import { SchemaCache } from '../bind/schema-cache.js';
import { InMemoryFederatedDataSourceRegistry } from '../registry/index.js';
import { Planner } from './planner.js';

const bigint = { id: 'bigint' } as const;
const never = new AbortController().signal;

/** Plans scans as they are asked for. */
class ScannedSource extends DescribedSource {
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
  binder.close();
});

test('a statement is planned once and its plan used again', async () => {
  const first = await planner.plan('select id from orders where id = $1', new Map(), 'auto', never);
  expect(await planner.plan('select id from orders where id = $1', new Map(), 'auto', never)).toBe(first);
  expect(await planner.plan('select id from orders where id = $1', new Map(), 'off', never)).not.toBe(first);
});

test('a plan that is true of one moment is not kept', async () => {
  const sql = "select id from orders where now() > timestamptz '2000-01-01'";
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
