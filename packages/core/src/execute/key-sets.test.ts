import type { StatisticsOrigin } from '@tributary/contract';
import { describe, expect, test } from 'vitest';
import type { FederatedPlan } from '../plan/federated-plan.js';
import { type Behaviour, MemorySource } from '../../test/execute/memory-source.js';
import {
  bigint,
  joinOf,
  keySetEdge,
  planOf,
  scanColumn,
  scanFragment,
  varchar,
} from '../../test/execute/plans.js';
import { TestRuntime } from '../../test/execute/runtime.js';

const key = scanColumn(1, 'k', bigint);
const target = scanColumn(2, 'id', bigint);
const label = scanColumn(3, 'label', varchar);

interface Setup {
  readonly small: MemorySource;
  readonly large: MemorySource;
  readonly plan: FederatedPlan;
}

/** A small side with these keys joined with 500 rows, to which at most `maxKeys` keys are sent. */
function setup(
  keys: readonly (bigint | null)[],
  maxKeys: number,
  behaviour?: Behaviour,
  statistics: StatisticsOrigin = 'default',
): Setup {
  const small = new MemorySource('small', { keys: [{ name: 'k', type: bigint, values: keys }] }, behaviour);
  const ids = Array.from({ length: 500 }, (_, i) => BigInt(i));
  const labels = ids.map((id) => `row ${id}`);
  const large = new MemorySource('large', {
    rows: [
      { name: 'id', type: bigint, values: ids },
      { name: 'label', type: varchar, values: labels },
    ],
  });
  const producer = { ...scanFragment('f1', small, 'keys', [key]), statistics };
  const consumer = scanFragment('f2', large, 'rows', [target, label], ['ks1']);
  const residual = { kind: 'relation', relation: joinOf(producer, consumer) } as const;
  const edges = [keySetEdge('ks1', producer, consumer, maxKeys)];
  return { small, large, plan: planOf([producer, consumer], residual, [key, target, label], edges) };
}

describe('key sets', () => {
  test.each([
    ['staged', 'default'],
    ['at hand, because few were expected,', 'source'],
  ] as const)(
    'the distinct keys %s without NULL are sent, and cut what is fetched',
    async (_, statistics) => {
      const { small, large, plan } = setup([7n, 3n, 7n, null, 900n], 10, undefined, statistics);
      await using test = await TestRuntime.open([small, large]);
      const result = await test.run(plan);
      expect((await result.rows()).map((row) => row['label']).toSorted()).toEqual([
        'row 3',
        'row 7',
        'row 7',
      ]);
      const values = large.calls[0]?.context.keySets.get('ks1');
      expect(values?.columns[0]?.toSorted()).toEqual(['3', '7', '900']);
      result.explain();
      const record = test.record?.();
      expect(record?.keySets.get('ks1')).toEqual({ outcome: 'sent', keys: 3, rowsSaved: 998 });
      expect(record?.fragments.get('f2')).toMatchObject({ state: 'done', rows: 2 });
      expect(test.staged()).toEqual([]);
    },
  );

  test.each([2, 1500])('%i keys are a relation too, for sources that DuckDB reads', async (count) => {
    const { small, large, plan } = setup(
      Array.from({ length: count }, (_, i) => BigInt(i) * 7n),
      5000,
    );
    const seen: unknown[] = [];
    const execute = large.executeRemoteQuery.bind(large);
    large.executeRemoteQuery = async (remotePlan, context) => {
      const connection = await test.runtime.room.connect();
      const relation = context.keySets.get('ks1')?.relation ?? '';
      const reader = await connection.runAndReadAll(`SELECT count(k0), min(k0), max(k0) FROM ${relation}`);
      seen.push(reader.getRows());
      test.runtime.room.release(connection);
      return execute(remotePlan, context);
    };
    await using test = await TestRuntime.open([small, large]);
    await (await test.run(plan)).rows();
    expect(seen).toEqual([[[BigInt(count), 0n, BigInt(count - 1) * 7n]]]);
    const connection = await test.runtime.room.connect();
    const tables = await connection.runAndReadAll('SELECT * FROM duckdb_tables()');
    expect(tables.getRows()).toEqual([]);
  });

  test('too many keys are not sent: the fragment is planned anew without them', async () => {
    const { small, large, plan } = setup([1n, 2n, 3n], 2);
    await using test = await TestRuntime.open([small, large]);
    const result = await test.run(plan);
    expect(await result.rows()).toHaveLength(3);
    const [call] = large.calls;
    expect(call?.context.keySets.size).toBe(0);
    expect(call?.plan.native).toBe('scan rows');
    expect(call?.plan.request).toMatchObject({ filters: [], keySets: [] });
    result.explain();
    expect(test.record?.().keySets.get('ks1')).toEqual({ outcome: 'too-many-keys', keys: 3, rowsSaved: 0 });
    expect(test.record?.().fragments.get('f2')).toMatchObject({ rows: 500, native: 'scan rows' });
  });

  test.each(['default', 'source'] as const)(
    'no keys: the other source is never asked (%s)',
    async (origin) => {
      const { small, large, plan } = setup([null, null], 10, undefined, origin);
      await using test = await TestRuntime.open([small, large]);
      const result = await test.run(plan);
      expect(await result.rows()).toEqual([]);
      expect(large.calls).toEqual([]);
      result.explain();
      expect(test.record?.().keySets.get('ks1')).toMatchObject({ outcome: 'empty', keys: 0 });
      expect(test.record?.().fragments.get('f2')).toMatchObject({ state: 'skipped', rows: 0 });
    },
  );

  test('a source without rows gives no keys', async () => {
    const { small, large, plan } = setup([], 10);
    await using test = await TestRuntime.open([small, large]);
    expect(await (await test.run(plan)).rows()).toEqual([]);
    expect(large.calls).toEqual([]);
  });

  test('a small relation that is read twice is kept in a table', async () => {
    const { small, large, plan } = setup([7n, 3n], 10, { asRelation: true });
    await using test = await TestRuntime.open([small, large]);
    const result = await test.run(plan);
    expect(await result.rows()).toHaveLength(2);
    result.explain();
    // The count is known only because the relation was kept: the source gave none.
    expect(test.record?.().fragments.get('f1')).toMatchObject({ rows: 2 });
    expect(small.calls[0]?.released).toBe(true);
  });

  test('a failing producer fails the query, and the consumer is never asked', async () => {
    const { small, large, plan } = setup([1n], 10, { failAfter: { batches: 0, error: new Error('down') } });
    await using test = await TestRuntime.open([small, large]);
    await expect(test.run(plan)).rejects.toMatchObject({ code: 'SOURCE.QUERY_FAILED', sourceId: 'small' });
    expect(large.calls).toEqual([]);
  });
});
