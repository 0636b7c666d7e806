import { join } from 'node:path';
import { mebibytes, memoryFigures, withinLimit } from '../memory/figures.js';
import { type MemoryRun, runChild } from '../memory/run-child.js';
import type { Case, Goal } from '../report/section.js';
import type { Benchmark } from './benchmark.js';

interface Load {
  readonly name: string;
  readonly sql: (streamedRows: number) => string;
  readonly goals: (run: MemoryRun, streamedRows: number) => readonly Goal[];
}

const memoryLimit = '256MB';
const limitBytes = 256e6;

const columns = 'l_orderkey, l_partkey, l_quantity, l_extendedprice, l_shipdate, l_comment';

const loads: readonly Load[] = [
  {
    name: 'rows straight from PostgreSQL',
    sql: (rows) => `SELECT ${columns} FROM shop.lineitem LIMIT ${rows}`,
    goals: (run, rows) => [all(run, rows), withinLimit(run, limitBytes)],
  },
  {
    name: 'rows through a join in DuckDB',
    sql: (rows) =>
      `SELECT ${columns}, s_name FROM shop.lineitem JOIN lake.supplier ON s_suppkey = l_suppkey LIMIT ${rows}`,
    goals: (run, rows) => [all(run, rows), withinLimit(run, limitBytes)],
  },
  {
    name: 'a join larger than the limit',
    sql: () => `SELECT count(*), max(a.l_comment), max(b.l_comment) FROM shop.lineitem a
      JOIN lake.lineitem b ON a.l_orderkey = b.l_orderkey AND a.l_linenumber = b.l_linenumber`,
    goals: (run) => [
      { name: 'ends', value: `${run.rows} row`, wanted: 'one row', met: run.rows === 1 },
      withinLimit(run, limitBytes),
    ],
  },
];

export const memory: Benchmark = {
  name: 'memory',
  summary: `peak memory while millions of rows stream, and a join spills, under a limit of ${memoryLimit}`,
  async run(world, say) {
    const streamedRows = Math.min(5_000_000, Math.round(5_000_000 * world.scale));
    const cases: Case[] = [];
    for (const [index, load] of loads.entries()) {
      const run = await runChild({
        sources: { kind: 'tables', url: world.url, parquet: world.parquet },
        sql: load.sql(streamedRows),
        memoryLimit,
        spillDirectory: join(world.directory, `spill-${index}`),
      });
      say(`${load.name}: ${mebibytes(run.peakBytes)}`);
      cases.push({
        name: load.name,
        figures: memoryFigures(run),
        goals: load.goals(run, streamedRows),
      });
    }
    return {
      title: `Memory under a limit of ${memoryLimit}`,
      about: `Peak resident memory of a process of its own that does nothing else. Node with the engine's code loaded, but nothing
opened, has the memory in the column before. The limit is DuckDB's; the goal grants Node as much again.`,
      cases,
    };
  },
};

function all(run: MemoryRun, rows: number): Goal {
  return { name: 'rows', value: String(run.rows), wanted: 'all', met: run.rows === rows };
}
