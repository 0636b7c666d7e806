import { join } from 'node:path';
import type { Engine } from '@tributary/core';
import { Pool } from 'pg';
import { sideBySide } from '../harness/side-by-side.js';
import { DuckdbPeer } from '../peers/duckdb-peer.js';
import { type Case, type Goal, atLeast, atMost, msFigures } from '../report/section.js';
import type { World } from '../world/world.js';
import type { Benchmark } from './benchmark.js';

interface Target {
  readonly table: 'orders' | 'lineitem';
  readonly key: string;
  readonly columns: string;
}

const targets: readonly Target[] = [
  { table: 'orders', key: 'o_custkey', columns: 'o_orderkey, o_totalprice' },
  { table: 'lineitem', key: 'l_orderkey', columns: 'l_linenumber, l_extendedprice' },
];
const counts = [10, 1_000, 10_000] as const;

/** By hand nothing is planned and no file is read: that much the engine may take for it. */
const allowanceMs = 5;

export const keySets: Benchmark = {
  name: 'key-sets',
  summary: '10 to 10,000 keys of a Parquet file joined with a large table in PostgreSQL',
  async run(world, say) {
    const folder = await writeKeys(world);
    await using engine = await world.engine('postgres', folder);
    await using peer = await world.duckdb('postgres');
    const pool = new Pool({ connectionString: world.url, max: 1 });
    const cases: Case[] = [];
    try {
      for (const target of targets) {
        for (const count of counts) {
          say(`${count} keys of ${target.table}`);
          cases.push(await measure(target, count, { engine, peer, pool, folder }));
        }
      }
    } finally {
      await pool.end();
    }
    return {
      title: 'Key sets: keys of a Parquet file joined with a table in PostgreSQL',
      about: `\`SELECT … FROM lake.keys k JOIN shop.<table> t ON t.<indexed column> = k.key\`, the rows delivered. By hand: the same
keys, already in memory, as \`= ANY($1)\` through \`pg\`. Keys are drawn at random. The peer is DuckDB with its postgres extension.`,
      cases,
      notes: [
        `The goal by hand: at most 1.5 times and ${allowanceMs} ms more; the ratio is (ours - ${allowanceMs} ms) / by hand.`,
      ],
    };
  },
};

interface Parties {
  readonly engine: Engine;
  readonly peer: DuckdbPeer;
  readonly pool: Pool;
  readonly folder: string;
}

async function measure(
  target: Target,
  count: number,
  { engine, peer, pool, folder }: Parties,
): Promise<Case> {
  const { table, key, columns } = target;
  const name = `${table}_${count}`;
  const file = join(folder, `${name}.parquet`);
  const keys = await keysOf(peer, file);
  const sql = (lake: string, shop: string): string =>
    `SELECT t.${key}, ${columns} FROM ${lake} AS k JOIN ${shop} AS t ON t.${key} = k.key`;
  const medians = await sideBySide(
    [
      {
        name: 'tributary',
        run: async () => {
          const result = await engine.query(sql(`lake.${name}`, `shop.${table}`));
          let rows = 0;
          for await (const batch of result) rows += batch.numRows;
          return { answer: `${rows} rows` };
        },
      },
      {
        name: 'by hand',
        run: async () => {
          const byHand = `SELECT ${key}, ${columns} FROM ${table} WHERE ${key} = ANY($1)`;
          const { rows } = await pool.query({ name, text: byHand, values: [keys] });
          return { answer: `${rows.length} rows` };
        },
      },
      {
        name: 'DuckDB + extension',
        run: async () => ({ answer: `${await peer.count(sql(`read_parquet('${file}')`, table))} rows` }),
      },
    ],
    { warmUp: 2, measured: 11 },
  );
  const [ours = NaN, byHand = NaN, other = NaN] = medians.values();
  const goals: readonly Goal[] = [
    atMost('by hand', Math.max(0, ours - allowanceMs) / byHand, 1.5),
    ...(table === 'lineitem' && count <= 1_000
      ? [atLeast('times faster than DuckDB', other / ours, 20)]
      : []),
  ];
  return { name: `${count} keys of ${table}`, figures: msFigures(medians), goals };
}

/** Distinct keys, drawn from the table's own so that every one has rows. */
async function writeKeys(world: World): Promise<string> {
  const folder = join(world.directory, 'keys');
  await using duckdb = await DuckdbPeer.inMemory();
  for (const { table, key } of targets) {
    for (const count of counts) {
      const source = join(world.parquet, `${table}.parquet`);
      await duckdb.write(
        `SELECT DISTINCT ${key} AS key FROM read_parquet('${source}') ORDER BY hash(${key}) LIMIT ${count}`,
        join(folder, `${table}_${count}.parquet`),
      );
    }
  }
  return folder;
}

async function keysOf(peer: DuckdbPeer, file: string): Promise<readonly string[]> {
  return (await peer.firstRow(`SELECT string_agg(key, ' ') FROM read_parquet('${file}')`)).split(' ');
}
