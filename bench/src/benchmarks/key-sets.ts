import type { Engine } from '@tributary/core';
import { Pool } from 'pg';
import { sideBySide } from '../harness/side-by-side.js';
import type { DuckdbPeer } from '../peers/duckdb-peer.js';
import { type Case, type Goal, atLeast, msFigures } from '../report/section.js';
import type { Benchmark } from './benchmark.js';
import {
  type Target,
  byHandGoal,
  byHandNote,
  joinKeys,
  keyCounts,
  keyFile,
  keyJoin,
  keyTable,
  readKeys,
  targets,
  writeKeys,
} from './keys.js';

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
        for (const count of keyCounts) {
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
      notes: [byHandNote],
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
  const file = keyFile(folder, target, count);
  const keys = await readKeys(file);
  const medians = await sideBySide(
    [
      {
        name: 'tributary',
        run: async () => ({ answer: `${await joinKeys(engine, target, count)} rows` }),
      },
      {
        name: 'by hand',
        run: async () => {
          const byHand = `SELECT ${key}, ${columns} FROM ${table} WHERE ${key} = ANY($1)`;
          const { rows } = await pool.query({ name: keyTable(target, count), text: byHand, values: [keys] });
          return { answer: `${rows.length} rows` };
        },
      },
      {
        name: 'DuckDB + extension',
        every: 10,
        run: async () => ({ answer: `${await peer.count(keyJoin(target, `read_parquet('${file}')`))} rows` }),
      },
    ],
    { warmUp: 20, measured: 51 },
  );
  const [ours = NaN, byHand = NaN, other = NaN] = medians.values();
  const goals: readonly Goal[] = [
    byHandGoal(ours, byHand),
    ...(table === 'lineitem' && count <= 1_000
      ? [atLeast('times faster than DuckDB', other / ours, 20)]
      : []),
  ];
  return { name: `${count} keys of ${table}`, figures: msFigures(medians), goals };
}
