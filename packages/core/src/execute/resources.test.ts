import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Rel } from '@tributary/contract';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FederatedPlan } from '../plan/federated-plan.js';
import { MemorySource } from '../../test/execute/memory-source.js';
import { bigint, joinOf, planOf, scanColumn, scanFragment, varchar } from '../../test/execute/plans.js';
import { TestRuntime } from '../../test/execute/runtime.js';
import { SpillRoot } from './spool/spill-root.js';

const id = scanColumn(1, 'id', bigint);
const text = scanColumn(2, 'text', varchar);
const otherId = scanColumn(3, 'id', bigint);
const otherText = scanColumn(4, 'text', varchar);

function source(sourceId: string, rows: number, width = 20): MemorySource {
  const ids = Array.from({ length: rows }, (_, i) => BigInt(i));
  return new MemorySource(
    sourceId,
    {
      t: [
        { name: 'id', type: bigint, values: ids },
        { name: 'text', type: varchar, values: ids.map((n) => String(n).padEnd(width, 'x')) },
      ],
    },
    { batchRows: 20_000 },
  );
}

function joinPlan(left: MemorySource, right: MemorySource, wrap?: (join: Rel) => Rel): FederatedPlan {
  const f1 = scanFragment('f1', left, 't', [id, text]);
  const f2 = scanFragment('f2', right, 't', [otherId, otherText]);
  const join = joinOf(f1, f2);
  const relation = wrap === undefined ? join : wrap(join);
  return planOf([f1, f2], { kind: 'relation', relation }, [id, text, otherId, otherText]);
}

describe('many queries at once', () => {
  test('64 run to their ends on the default thread pool', async () => {
    const [left, right] = [source('a', 2000), source('b', 2000)];
    await using test = await TestRuntime.open([left, right]);
    const counts = await Promise.all(
      Array.from({ length: 64 }, async () => {
        let rows = 0;
        for await (const batch of await test.run(joinPlan(left, right))) rows += batch.numRows;
        return rows;
      }),
    );
    expect(counts).toEqual(Array.from({ length: 64 }, () => 2000));
    expect(test.staged()).toEqual([]);
  });

  test('results that are opened and not read do not keep others waiting for ever', async () => {
    const left = source('a', 5);
    await using test = await TestRuntime.open([left], { maxConcurrentQueries: 1 });
    const plan = planOf([scanFragment('f1', left, 't', [id])], { kind: 'none', fragment: 'f1' }, [id]);
    const results = await Promise.all([test.run(plan), test.run(plan), test.run(plan)]);
    for (const result of results) expect(await result.rows()).toHaveLength(5);
  });

  test('no more than allowed run at once, and one that waits can be cancelled', async () => {
    const slow = new MemorySource('a', { t: [{ name: 'id', type: bigint, values: [1n] }] }, { delayMs: 50 });
    await using test = await TestRuntime.open([slow], { maxConcurrentQueries: 2 });
    const fragment = scanFragment('f1', slow, 't', [id]);
    const plan = planOf([fragment], { kind: 'none', fragment: 'f1' }, [id]);
    let running = 0;
    let most = 0;
    const run = async (): Promise<void> => {
      const result = await test.run(plan);
      running++;
      most = Math.max(most, running);
      await result.rows();
      running--;
    };
    const controller = new AbortController();
    const runs = [run(), run(), run()];
    const waiting = test.run(plan, { signal: controller.signal });
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'QUERY.CANCELLED' });
    await Promise.all(runs);
    expect(most).toBe(2);
    expect(slow.calls).toHaveLength(3);
  });
});

describe('spilling', () => {
  test('a join larger than the memory limit ends, and leaves nothing behind', async () => {
    // 85 MB a side.
    const sql = "SELECT range AS id, rpad(range::VARCHAR, 400, 'x') AS text FROM range(200000)";
    const columns = [id, text].map(({ name, type }) => ({ name, type, values: [] }));
    const left = new MemorySource('a', { t: columns }, { asRelation: { sql } });
    const right = new MemorySource('b', { t: columns }, { asRelation: { sql } });
    await using test = await TestRuntime.open([left, right], { memoryLimit: '64MB' });
    let rows = 0;
    let spilled = false;
    for await (const batch of await test.run(joinPlan(left, right))) {
      rows += batch.numRows;
      spilled ||= readdirSync(test.runtime.spill.tempDirectory).length > 0;
    }
    expect(rows).toBe(200_000);
    expect(spilled).toBe(true);
    expect(test.staged()).toEqual([]);
    expect(test.runtime.spill.reservedBytes).toBe(0);
  }, 180_000);

  test('over the quota while staging: one clear error, files gone, the next query works', async () => {
    const [left, right] = [source('a', 100_000), source('b', 10)];
    await using test = await TestRuntime.open([left, right], { spillQuota: '500KB' });
    await expect(test.run(joinPlan(left, right))).rejects.toMatchObject({ code: 'RESOURCE.SPILL_FULL' });
    expect(test.staged()).toEqual([]);
    expect(test.runtime.spill.reservedBytes).toBe(0);
    const [small, tiny] = [source('a', 10), source('b', 10)];
    await using again = await TestRuntime.open([small, tiny], { spillQuota: '500KB' });
    expect(await (await again.run(joinPlan(small, tiny))).rows()).toHaveLength(10);
  });

  test('over the quota while DuckDB spills', async () => {
    const [left, right] = [source('a', 150_000, 200), source('b', 10)];
    await using test = await TestRuntime.open([left, right], { memoryLimit: '32MB', spillQuota: '40MB' });
    const plan = joinPlan(left, left, (input) => ({
      kind: 'sort',
      input,
      keys: [{ expr: { kind: 'column', id: 4, type: varchar }, descending: true, nullsFirst: false }],
    }));
    const rows = test.run(plan).then((result) => result.rows());
    await expect(rows).rejects.toMatchObject({ code: 'RESOURCE.SPILL_FULL' });
    expect(test.staged()).toEqual([]);
  }, 180_000);
});

describe('the locked room', () => {
  test.each([
    ["SELECT * FROM read_csv('/etc/passwd')", /disabled by configuration/],
    ["COPY (SELECT 1) TO '/tmp/tributary-escaped.csv'", /disabled by configuration/],
    ["ATTACH '/tmp/tributary-escaped.db' AS other", /disabled by configuration/],
    ['INSTALL httpfs', /disabled by configuration/],
    ['SET threads = 1', /locked/],
    ['SET enable_external_access = true', /Cannot|locked/],
    ['RESET lock_configuration', /locked/],
  ])('%s is refused', async (sql, message) => {
    await using test = await TestRuntime.open([]);
    const connection = await test.runtime.room.connect();
    await expect(connection.run(sql)).rejects.toThrow(message);
    connection.closeSync();
    expect(existsSync('/tmp/tributary-escaped.csv')).toBe(false);
    expect(existsSync('/tmp/tributary-escaped.db')).toBe(false);
  });

  test('times are in UTC', async () => {
    await using test = await TestRuntime.open([]);
    const connection = await test.runtime.room.connect();
    const reader = await connection.runAndReadAll("SELECT TIMESTAMPTZ '2020-01-01 12:00:00+02'::VARCHAR");
    expect(reader.getRows()).toEqual([['2020-01-01 10:00:00+00']]);
    connection.closeSync();
  });
});

describe('the spill root', () => {
  let parent: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'spill-root-test-'));
  });
  afterEach(() => {
    rmSync(parent, { recursive: true });
  });

  test("is the user's alone and goes at close", () => {
    const root = new SpillRoot(parent, 1000);
    expect(statSync(root.path).mode & 0o777).toBe(0o700);
    writeFileSync(root.openQuerySpool('q1').newFile('.parquet'), 'x');
    root.close();
    expect(readdirSync(parent)).toEqual([]);
  });

  test('goes with its process, by one listener for all', () => {
    const before = process.listenerCount('exit');
    const roots = Array.from({ length: 12 }, () => new SpillRoot(parent, 1000));
    expect(process.listenerCount('exit')).toBeLessThanOrEqual(before + 1);
    for (const listener of process.listeners('exit')) if (listener.name === 'removeAll') listener(0);
    expect(readdirSync(parent)).toEqual([]);
    for (const root of roots) root.close();
  });

  test('of a process that is gone is removed by the next one; of a live process it stays', () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const live = new SpillRoot(parent, 1000);
    const stale = live.path.replace(`-${process.pid}-`, `-${dead}-`);
    mkdirSync(join(stale, 'q1'), { recursive: true });
    const elsewhere = join(parent, `tributary-spill-00000000-${dead}-abc`);
    mkdirSync(elsewhere);
    const next = new SpillRoot(parent, 1000);
    expect(existsSync(stale)).toBe(false);
    expect(existsSync(live.path)).toBe(true);
    // Another host's or container's process ids say nothing here.
    expect(existsSync(elsewhere)).toBe(true);
    next.close();
    live.close();
  });

  test("counts staged bytes and DuckDB's spilled ones against one quota", () => {
    const root = new SpillRoot(parent, 10_000);
    const spool = root.openQuerySpool('q1');
    spool.reserve(6000);
    expect(() => spool.reserve(5000)).toThrow(/quota of 10000 bytes/);
    spool.release(2000);
    spool.reserve(5000);
    expect(root.reservedBytes).toBe(9000);
    spool.release(9000);
    writeFileSync(join(root.tempDirectory, 'duckdb_temp_block'), new Uint8Array(8192));
    const later = new SpillRoot(parent, 10_000);
    writeFileSync(join(later.tempDirectory, 'duckdb_temp_block'), new Uint8Array(8192));
    expect(() => later.reserve(5000)).toThrow(/8192 spilled/);
    later.close();
    root.close();
  });
});
