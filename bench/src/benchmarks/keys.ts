import { join } from 'node:path';
import type { Engine } from '@tributary/core';
import { DuckdbPeer } from '../peers/duckdb-peer.js';
import { type Goal, atMost } from '../report/section.js';
import type { World } from '../world/world.js';

/** A large table and its column that keys are for. */
export interface Target {
  readonly table: 'orders' | 'lineitem';
  readonly key: string;
  readonly columns: string;
}

export const targets: readonly Target[] = [
  { table: 'orders', key: 'o_custkey', columns: 'o_orderkey, o_totalprice' },
  { table: 'lineitem', key: 'l_orderkey', columns: 'l_linenumber, l_extendedprice' },
];

export const keyCounts = [10, 1_000, 10_000] as const;

/** By hand nothing is planned and no file is read: that much the engine may take for it. */
const allowanceMs = 5;

export const byHandNote = `The goal by hand: at most 1.5 times and ${allowanceMs} ms more; the ratio is (ours - ${allowanceMs} ms) / by hand.`;

export function byHandGoal(ours: number, byHand: number): Goal {
  return atMost('by hand', Math.max(0, ours - allowanceMs) / byHand, 1.5);
}

/** The Parquet file of `count` keys, and the name of its table in the lake. */
export function keyTable({ table }: Target, count: number): string {
  return `${table}_${count}`;
}

export function keyJoin({ table, key, columns }: Target, keys: string, schema = ''): string {
  return `SELECT t.${key}, ${columns} FROM ${keys} AS k JOIN ${schema}${table} AS t ON t.${key} = k.key`;
}

/** Reads the join of `shop` with the keys in `lake` to its end; returns the number of rows. */
export async function joinKeys(engine: Engine, target: Target, count: number): Promise<number> {
  const result = await engine.query(keyJoin(target, `lake.${keyTable(target, count)}`, 'shop.'));
  let rows = 0;
  for await (const batch of result) rows += batch.numRows;
  return rows;
}

/** Distinct keys, drawn from the table's own so that every one has rows. Returns the folder of the files. */
export async function writeKeys(world: World): Promise<string> {
  const folder = join(world.directory, 'keys');
  await using duckdb = await DuckdbPeer.inMemory();
  for (const target of targets) {
    const { table, key } = target;
    for (const count of keyCounts) {
      const source = join(world.parquet, `${table}.parquet`);
      await duckdb.write(
        `SELECT DISTINCT ${key} AS key FROM read_parquet('${source}') ORDER BY hash(${key}) LIMIT ${count}`,
        keyFile(folder, target, count),
      );
    }
  }
  return folder;
}

export function keyFile(folder: string, target: Target, count: number): string {
  return join(folder, `${keyTable(target, count)}.parquet`);
}

/** The keys of a file, in memory, as whoever sends them by hand would have them. */
export async function readKeys(file: string): Promise<readonly string[]> {
  await using duckdb = await DuckdbPeer.inMemory();
  return (await duckdb.firstRow(`SELECT string_agg(key, ' ') FROM read_parquet('${file}')`)).split(' ');
}
