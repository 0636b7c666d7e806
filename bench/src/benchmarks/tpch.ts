import type { Engine } from '@tributary/core';
import { tpchQuery, tpchQueryNumbers } from '@tributary/testbed';
import { type Medians, sideBySide } from '../harness/side-by-side.js';
import type { DuckdbPeer } from '../peers/duckdb-peer.js';
import { type Case, atMost, msFigures } from '../report/section.js';
import type { Split, World } from '../world/world.js';
import type { Benchmark } from './benchmark.js';

export const tpchInPostgres = tpch('tpch-postgres', 'postgres', 'all tables in PostgreSQL');
export const tpchMixed = tpch(
  'tpch-mixed',
  'mixed',
  'orders and lineitem in Parquet files, the others in PostgreSQL',
);

function tpch(name: string, split: Split, where: string): Benchmark {
  return {
    name,
    summary: `the 22 queries of TPC-H, ${where}`,
    async run(world: World, say) {
      await using engine = await world.engine(split);
      await using peer = await world.duckdb(split);
      const cases: Case[] = [];
      const totals = new Map<string, number>();
      for (const number of tpchQueryNumbers) {
        const medians = await measure(await tpchQuery(number), engine, peer);
        for (const [who, ms] of medians) totals.set(who, (totals.get(who) ?? 0) + ms);
        const goal = atMost('times DuckDB', timesDuckdb(medians), 1.2);
        say(`q${number}: ${goal.value} times DuckDB`);
        cases.push({ name: `q${number}`, figures: msFigures(medians), goals: [goal] });
      }
      const total = atMost('total, times DuckDB', timesDuckdb(totals), 0.5);
      return {
        title: `TPC-H, ${where}`,
        about: 'The peer is DuckDB with its postgres extension, over the same tables and files.',
        cases: [...cases, { name: 'all 22', figures: msFigures(totals), goals: [total] }],
      };
    },
  };
}

function timesDuckdb(medians: Medians): number {
  return (medians.get('tributary') ?? NaN) / (medians.get('DuckDB + extension') ?? NaN);
}

function measure(sql: string, engine: Engine, peer: DuckdbPeer): Promise<Medians> {
  return sideBySide(
    [
      {
        name: 'tributary',
        run: async () => {
          const result = await engine.query(sql);
          let rows = 0;
          for await (const batch of result) rows += batch.numRows;
          return { answer: `${rows} rows` };
        },
      },
      { name: 'DuckDB + extension', run: async () => ({ answer: `${await peer.count(sql)} rows` }) },
    ],
    { warmUp: 1, measured: 3 },
  );
}
